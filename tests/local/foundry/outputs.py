"""The outputs of a job: those it names, those its command names, and the model of a recipe."""

from tests.local.foundry.files import BLOBS
from tests.local.foundry.ids import Place
from tests.local.foundry.model.command_job import CommandJob
from tests.local.foundry.model.parts import Output
from tests.local.foundry.state import Job
from tests.local.workspace.placeholders import unknown

MODEL = "model"


def outputs_of(job: Job, place: Place) -> dict[str, Output]:
    """Give every output with its address, and its asset if it becomes one."""
    named = {**job.definition.outputs, **_unnamed(job)}
    return {name: _placed(job, name, output, place) for name, output in named.items()}


def definition_shown(job: Job, place: Place) -> CommandJob:
    """Give what was asked for; of a job that has completed, with its outputs and their assets."""
    if job.status != "Completed":
        return job.definition
    return job.definition.model_copy(update={"outputs": outputs_of(job, place)})


def _unnamed(job: Job) -> dict[str, Output]:
    """Give the outputs that nobody declared, which the service makes nevertheless."""
    wanted = job.definition
    if wanted.training and not wanted.outputs:
        base, kind = wanted.training.model, "safetensors_model"
        model = Output(job_output_type=kind, asset_name=job.name, base_model_id=base)
        return {MODEL: model}
    used = unknown(wanted.command or "", {f"outputs.{name}" for name in wanted.outputs})
    names = (name.removeprefix("outputs.") for name in used if name.startswith("outputs."))
    return {name: Output(job_output_type="uri_folder") for name in names}


def _placed(job: Job, name: str, output: Output, place: Place) -> Output:
    version = output.asset_version or str(job.number)
    if output.asset_name is None:
        path = f"azureml/{job.name}/{name}{'' if output.job_output_type == 'uri_file' else '/'}"
        found = {"uri": output.uri or f"azureml://datastores/{BLOBS}/paths/{path}"}
        return output.model_copy(update=found)
    kind = "models" if output.job_output_type == "safetensors_model" else "data"
    asset = place.asset(kind, output.asset_name, version)
    is_file = output.job_output_type == "uri_file"
    uri = output.uri or (f"{asset}/{name}" if is_file else asset)
    return output.model_copy(update={"uri": uri, "asset_version": version})
