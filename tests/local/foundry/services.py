"""The services beside a job: where it is shown, and those that it asked for."""

from tests.local.foundry.model.schema import Json, Surface, write
from tests.local.foundry.refusals import not_found
from tests.local.foundry.state import IDLE, Job

STUDIO = "https://ai.azure.com/jobs"


def services_of(job: Job, node: int) -> dict[str, Json]:
    """Give the services of a node by name; refuse a node that the job has not."""
    nodes = job.definition.instance_count
    if node >= nodes:
        raise not_found(f"The job {job.name!r} has {nodes} nodes: there is no node {node}.")
    shared = {
        name: {
            "type": given.job_service_type,
            **write(given, Surface.TRAINING_JOBS, without=frozenset({"nodes", "job_service_type"})),
            "status": _status(job),
        }
        for name, given in (job.definition.services or {}).items()
        if node == 0 or given.nodes
    }
    return {**(_of_every_job(job) if node == 0 else {}), **shared}


def _of_every_job(job: Job) -> dict[str, Json]:
    endpoint = f"{STUDIO}/{job.name}"
    return {
        "Studio": {"type": "studio", "endpoint": endpoint, "status": "running"},
        "Tracking": {"type": "tracking", "endpoint": endpoint, "status": "running"},
    }


def _status(job: Job) -> str:
    if job.status in IDLE:
        return "starting"
    return "stopped" if job.is_over else "running"
