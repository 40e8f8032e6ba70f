"""The attempts of a training job, and the outputs of the job and of each attempt."""

from datetime import UTC, datetime, timedelta

from aiohttp import web

from tests.local.foundry import paging
from tests.local.foundry.attempts import Attempt
from tests.local.foundry.door import PROJECT, Route
from tests.local.foundry.model.parts import Output
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.outputs import outputs_of
from tests.local.foundry.refusals import not_found
from tests.local.foundry.site import REGION
from tests.local.foundry.state import Job
from tests.local.foundry.times import duration, unix
from tests.local.foundry.training_routes import JOB

ATTEMPT = f"{JOB}/attempts/{{attempt}}"
VM_SIZE = "Standard_NC24ads_A100_v4"


def asked_for(request: web.Request) -> tuple[Job, Attempt]:
    """Give the job and the attempt that a request is about; refuse what is not there."""
    job = request.app[PROJECT].jobs.get(request.match_info["name"])
    wanted = request.match_info.get("attempt", "latest")
    if wanted == "latest":
        return job, job.attempt
    for attempt in job.attempts:
        if attempt.id == wanted:
            return job, attempt
    raise not_found(f"The job {job.name!r} has no attempt {wanted!r}.")


async def list_attempts(request: web.Request) -> web.Response:
    """Show a page of attempts."""
    job = request.app[PROJECT].jobs.get(request.match_info["name"])
    page = paging.page(
        request.query,
        job.attempts,
        key=lambda attempt: attempt.id,
        show=lambda attempt: _shown(job, attempt),
    )
    return web.json_response(page)


async def get_attempt(request: web.Request) -> web.Response:
    """Show an attempt."""
    return web.json_response(_shown(*asked_for(request)))


async def list_outputs(request: web.Request) -> web.Response:
    """Show the outputs; those of a job are those of its newest attempt."""
    outputs = list(_outputs(request).items())
    page = paging.listed(
        outputs, key=lambda item: item[0], show=lambda item: _output(request, *item), more=False
    )
    return web.json_response(page)


async def get_output(request: web.Request) -> web.Response:
    """Show an output."""
    name, outputs = request.match_info["output"], _outputs(request)
    if name not in outputs:
        raise not_found(f"There is no output {name!r}.")
    return web.json_response(_output(request, name, outputs[name]))


async def list_attempt_outputs(request: web.Request) -> web.Response:
    """Show the outputs of an attempt."""
    return await list_outputs(request)


async def get_attempt_output(request: web.Request) -> web.Response:
    """Show an output of an attempt."""
    return await get_output(request)


# Each route has a handler of its own, for it is by the handler that the door knows the route.
ROUTES = tuple(
    Route(operation, "GET", path, handler, Surface.TRAINING_JOBS)
    for operation, path, handler in (
        ("attempts", f"{JOB}/attempts", list_attempts),
        ("attempts", ATTEMPT, get_attempt),
        ("outputs", f"{JOB}/outputs", list_outputs),
        ("outputs", f"{JOB}/outputs/{{output}}", get_output),
        ("outputs", f"{ATTEMPT}/outputs", list_attempt_outputs),
        ("outputs", f"{ATTEMPT}/outputs/{{output}}", get_attempt_output),
    )
)


def _shown(job: Job, attempt: Attempt) -> Json:
    failure = attempt.failure if attempt.ended else None
    shown = {
        "id": attempt.id,
        "job_name": job.name,
        "status": attempt.status,
        "status_reason": attempt.reason,
        "started_at": unix(attempt.started),
        "ended_at": unix(attempt.ended),
        "last_started_at": unix(attempt.last_started),
        "compute_duration": _compute_duration(attempt),
        "queueing_info": {"queued_at": unix(attempt.created)},
        "compute_details": _compute(job),
        "error": vars(failure) if failure else None,
        "warnings": [vars(warned) for warned in attempt.warnings],
        "is_latest": attempt is job.attempt,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _compute_duration(attempt: Attempt) -> str:
    if attempt.started is None:
        return duration(timedelta())
    return duration((attempt.ended or datetime.now(UTC)) - attempt.started)


def _compute(job: Job) -> Json:
    wanted = job.definition
    size = (wanted.resources.instance_type if wanted.resources else None) or VM_SIZE
    return {
        "vm_size": size,
        "instance_type": size,
        "instance_count": wanted.instance_count,
        "gpu_count": wanted.gpu_count or 0,
        "region": REGION,
        "properties": {"compute_id": wanted.compute_id},
    }


def _outputs(request: web.Request) -> dict[str, Output]:
    job, _ = asked_for(request)
    return outputs_of(job, request.app[PROJECT].site.place)


def _output(request: web.Request, name: str, output: Output) -> Json:
    """Show an output, with its asset once there is one."""
    _, attempt = asked_for(request)
    is_asset = output.asset_name is not None and attempt.status == "completed"
    shown = {
        "name": name,
        "type": output.job_output_type,
        "mode": output.mode,
        "uri": output.uri,
        "asset_name": output.asset_name if is_asset else None,
        "asset_version": output.asset_version if is_asset else None,
        "base_model_id": output.base_model_id,
        "description": output.description,
    }
    return {key: value for key, value in shown.items() if value is not None}
