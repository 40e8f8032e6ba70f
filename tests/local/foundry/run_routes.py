"""What a run of `jobs` leaves behind: metrics, artifacts, services.

The routes and fields are those that azd's extension for training reads (`pkg/client/metrics.go`,
`download.go` and `serviceinstances.go` of version 0.0.3-preview). All comes on one page.
"""

from aiohttp import web

from tests.local.foundry import artifact_routes, storage
from tests.local.foundry.attempts import Point
from tests.local.foundry.door import PROJECT, Route, json_object
from tests.local.foundry.history import RUN, experiment_id, run_of
from tests.local.foundry.job_routes import JOB
from tests.local.foundry.model.parts import SERVICES
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.paging import whole_number
from tests.local.foundry.refusals import bad_request, not_found
from tests.local.foundry.services import services_of
from tests.local.foundry.state import Job
from tests.local.foundry.times import iso

METRICS = f"{JOB}/metrics/{{run}}"
ARTIFACTS = f"{JOB}/history/experimentids/{{experiment}}/runs/{{run}}/artifacts"


async def list_metrics(request: web.Request) -> web.Response:
    """Show which metrics the run has logged."""
    metrics = sorted(run_of(request).attempt.metrics)
    named = [{"metricKey": {"metricName": name}, "columns": _columns(name)} for name in metrics]
    return web.json_response({"value": named})


async def full_metric(request: web.Request) -> web.Response:
    """Show all points of the metric that the body names."""
    job, name = run_of(request), (await json_object(request)).get("metricName")
    if not isinstance(name, str):
        raise bad_request("metricName is required")
    if name not in job.attempt.metrics:
        raise not_found(f"The run has logged no metric {name!r}.")
    points = [_point(name, point) for point in job.attempt.metrics[name]]
    head = {"dataContainerId": _container(job), "name": name, "columns": _columns(name)}
    return web.json_response({**head, "value": points})


async def list_artifacts(request: web.Request) -> web.Response:
    """Show the artifacts of the run, those whose path begins so."""
    job = _run_in_experiment(request)
    return web.json_response({"value": [_artifact(job, path) for path in _paths(request, job)]})


async def content_info(request: web.Request) -> web.Response:
    """Show where artifacts can be downloaded, those whose path begins so."""
    job, until = _run_in_experiment(request), storage.expires()
    shown = [
        {
            **_artifact(job, path),
            "contentUri": storage.signed(request, job, job.attempt, path, until=until),
        }
        for path in _paths(request, job)
    ]
    return web.json_response({"value": shown})


async def services(request: web.Request) -> web.Response:
    """Show the services of one node."""
    node = whole_number(request.match_info, "node", at_least=0) or 0
    instances = {
        name: {
            **service,
            "type": SERVICES.spelt(str(service["type"]), Surface.JOBS),
            "status": str(service["status"]).capitalize(),
        }
        for name, service in services_of(run_of(request), node).items()
    }
    return web.json_response({"instances": instances})


ROUTES = (
    Route("metrics", "POST", f"{METRICS}/list", list_metrics, Surface.JOBS),
    Route("metrics", "POST", f"{METRICS}/full", full_metric, Surface.JOBS),
    Route("artifacts", "GET", ARTIFACTS, list_artifacts, Surface.JOBS),
    Route("artifacts", "GET", f"{ARTIFACTS}/prefix/contentinfo", content_info, Surface.JOBS),
    Route("services", "GET", f"{RUN}/serviceinstances/{{node}}", services, Surface.JOBS),
)


def _run_in_experiment(request: web.Request) -> Job:
    job, experiment = run_of(request), request.match_info["experiment"]
    if experiment != experiment_id(job):
        raise not_found(f"There is no run {job.name!r} in the experiment {experiment!r}.")
    return job


def _paths(request: web.Request, job: Job) -> list[str]:
    folder = request.app[PROJECT].site.files.artifacts(job, job.attempt)
    return artifact_routes.paths_in(folder, request.query.get("path", ""))


def _artifact(job: Job, path: str) -> Json:
    return {"origin": "ExperimentRun", "container": _container(job), "path": path}


def _container(job: Job) -> str:
    return f"dcid.{job.name}"


def _columns(name: str) -> dict[str, str]:
    return {name: "Double"}


def _point(name: str, point: Point) -> Json:
    return {
        "metricId": f"{name}-{point.step}",
        "createdUtc": iso(point.created),
        "step": point.step,
        "data": {name: point.value},
    }
