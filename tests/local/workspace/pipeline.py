"""The job type Pipeline: nodes that are jobs themselves, run in the order of their data.

See https://learn.microsoft.com/azure/machine-learning/reference-yaml-job-pipeline. A node whose
data are there runs at once, beside the others; one that misses the data of a failed node never
starts, and no run tells of it. Results are never reused, and of the types of nodes there are only
commands.
"""

from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from pydantic import Field

from tests.local.workspace import bindings, nodes
from tests.local.workspace.assets import Assets
from tests.local.workspace.children import Children
from tests.local.workspace.command import CommandJobs
from tests.local.workspace.components import Untyped
from tests.local.workspace.lives import life_of
from tests.local.workspace.parts import Inputs, JobBase, Name, Outputs
from tests.local.workspace.plan import Plan
from tests.local.workspace.refusals import bad_request
from tests.local.workspace.schema import Json, checked, word
from tests.local.workspace.site import Site
from tests.local.workspace.state import Failure, Job

RUN_SOURCE = "azureml.runsource"
STEP = "azureml.StepRun"


class Settings(Untyped):
    """What holds for all nodes."""

    default_compute: str | None = None
    continue_on_step_failure: bool | None = None


class PipelineJob(JobBase):
    """The properties of a Pipeline job."""

    job_type: Annotated[str, word("Pipeline")]
    jobs: Annotated[dict[Name, Json], Field(min_length=1)]
    settings: Json = Field(default_factory=dict)
    inputs: Inputs = Field(default_factory=dict)
    outputs: Outputs = Field(default_factory=dict)
    source_job_id: str | None = None


class PipelineJobs:
    """How Pipeline jobs are checked and done."""

    model = PipelineJob

    def check(self, definition: Json, assets: Assets) -> None:
        """Refuse a pipeline of which a node could not be run."""
        checked(Settings, definition["settings"], at="properties.settings")
        for uri in bindings.addresses(definition):
            assets.datastores.path(uri)
        plan = _plan("", definition, assets)
        commands = CommandJobs()
        for name in plan.steps:
            command = plan.command(name)
            commands.check(command, assets)
            life_of(command["tags"])
        _check_order(plan)

    async def work(self, job: Job, site: Site, children: Children) -> Failure | None:
        """Run the nodes; the pipeline fails when one of them does."""
        plan = _plan(job.name, job.definition, site.assets)
        settings = Settings.model_validate(job.definition["settings"])
        failed = await _run(plan, children, goes_on=settings.continue_on_step_failure is not False)
        return _failure(failed) if failed else None


def order(plan: Plan) -> TopologicalSorter[str]:
    """Give the nodes with those whose outputs they take."""
    return TopologicalSorter({name: step.needs() for name, step in plan.steps.items()})


async def _run(plan: Plan, children: Children, *, goes_on: bool) -> list[str]:
    """Run the nodes as their data come, and name those that failed."""
    graph, alive, failed = order(plan), dict[str, Job](), list[str]()
    graph.prepare()
    while goes_on or not failed:
        alive |= {name: _start(plan, name, children) for name in graph.get_ready()}
        if not alive:
            break
        over = await children.any_ended(alive.values())
        for name in [name for name, job in alive.items() if job in over]:
            if alive.pop(name).status == "Completed":
                graph.done(name)
            else:
                failed.append(name)
    return failed


def _start(plan: Plan, name: str, children: Children) -> Job:
    job = children.start(plan.job_name(name), plan.command(name))
    job.added.update({RUN_SOURCE: STEP, "azureml.pipelinerunid": plan.name})
    return job


def _failure(failed: list[str]) -> Failure:
    """Say what the service says of a pipeline: which nodes, not why."""
    named = ", ".join(f"/{name}" for name in failed)
    return Failure(
        "UserError", f"The pipeline has failed child jobs: {named}. The child jobs tell more."
    )


def _plan(name: str, definition: Json, assets: Assets) -> Plan:
    return Plan(name, definition, nodes.steps(definition["jobs"], assets), assets)


def _check_order(plan: Plan) -> None:
    try:
        order(plan).prepare()
    except CycleError as exc:
        circle = ", ".join(exc.args[1])
        text = f"properties.jobs: these nodes wait for each other: {circle}."
        raise bad_request(text, "ArgumentInvalid") from exc
