"""The tracking service of mlflow: what a job's script logs, a sweep judges its trials by.

Routes, fields and error codes are those that mlflow-skinny 3 uses (`store/tracking/rest_store.py`)
for a run that exists already, as the run of a job does; its own runs and models are not kept here.
Whoever may see jobs may log for any run, the token of a job is good for its own run alone.
"""

import json
import math
import uuid
from typing import Annotated

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ConfigDict, Field

from tests.local.workspace import clients, tracking
from tests.local.workspace.door import ARM_AUDIENCES, CLAIMS, WORKSPACE, Route, json_object
from tests.local.workspace.metrics import Point
from tests.local.workspace.refusals import RefusedError
from tests.local.workspace.schema import Body, Json, checked
from tests.local.workspace.state import Job

PATH = f"/mlflow/v1.0{clients.PATH}"
AUDIENCES = frozenset({*ARM_AUDIENCES, "https://ml.azure.com", tracking.AUDIENCE})
STATUSES = {"Completed": "FINISHED", "Failed": "FAILED", "Canceled": "KILLED"}


class Message(Body):
    """A body of mlflow: snake_case, with more in it than is read."""

    model_config = ConfigDict(extra="ignore", strict=False, alias_generator=None)


class Metric(Message):
    """A value of a metric."""

    key: Annotated[str, Field(min_length=1)]
    value: float
    timestamp: int = 0
    step: int = 0


class Pair(Message):
    """A parameter or a tag."""

    # Limits: learn.microsoft.com/azure/machine-learning/resource-limits-capacity.
    key: Annotated[str, Field(min_length=1, max_length=100)]
    value: Annotated[str, Field(max_length=1000)] = ""


class OfRun(Message):
    """Names the run that a body is about."""

    run_id: str


class LogMetric(OfRun, Metric):
    """A value of a metric of a run."""


class LogPair(OfRun, Pair):
    """A parameter or a tag of a run."""


class LogBatch(OfRun):
    """Many of all."""

    metrics: list[Metric] = Field(default_factory=list)
    params: list[Pair] = Field(default_factory=list)
    tags: list[Pair] = Field(default_factory=list)


class Update(OfRun):
    """A change of a run; the status is not taken, for the job has its own."""

    run_name: str | None = None


async def get_run(request: web.Request) -> web.Response:
    """Show a run with what it has logged."""
    job = _job(request, request.query.get("run_id", ""))
    return web.json_response({"run": {"info": _info(request, job), "data": _data(job)}})


async def update_run(request: web.Request) -> web.Response:
    """Name a run."""
    update = checked(Update, await json_object(request), at="run")
    job = _job(request, update.run_id)
    if update.run_name:
        job.definition = {**job.definition, "displayName": update.run_name}
    return web.json_response({"run_info": _info(request, job)})


async def log_metric(request: web.Request) -> web.Response:
    """Take a value of a metric."""
    metric = checked(LogMetric, await json_object(request), at="metric")
    _log_metrics(_job(request, metric.run_id), [metric])
    return web.json_response({})


async def log_parameter(request: web.Request) -> web.Response:
    """Take a parameter."""
    param = checked(LogPair, await json_object(request), at="param")
    _log_params(_job(request, param.run_id), [param])
    return web.json_response({})


async def set_tag(request: web.Request) -> web.Response:
    """Take a tag."""
    tag = checked(LogPair, await json_object(request), at="tag")
    _set_tags(_job(request, tag.run_id), [tag])
    return web.json_response({})


async def log_batch(request: web.Request) -> web.Response:
    """Take metrics, parameters and tags."""
    batch = checked(LogBatch, await json_object(request), at="batch")
    job = _job(request, batch.run_id)
    _log_params(job, batch.params)
    _set_tags(job, batch.tags)
    _log_metrics(job, batch.metrics)
    return web.json_response({})


async def get_history(request: web.Request) -> web.Response:
    """Show all values of a metric."""
    job = _job(request, request.query.get("run_id", ""))
    name = request.query.get("metric_key", "")
    return web.json_response(
        {"metrics": [_point(name, point) for point in job.logged.history(name)]}
    )


async def get_experiment(request: web.Request) -> web.Response:
    """Show the experiment of an id."""
    return _experiment(request, request.query.get("experiment_id", ""))


async def get_experiment_by_name(request: web.Request) -> web.Response:
    """Show the experiment of a name."""
    return _experiment(request, experiment_id(request.query.get("experiment_name", "")))


def experiment_id(name: str) -> str:
    """Give the id of an experiment."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"azureml://experiments/{name}"))


def _route(method: str, path: str, handler: Handler) -> Route:
    path = f"{PATH}/api/2.0/mlflow/{path}"
    return Route("mlflow", method, path, handler, audiences=AUDIENCES, has_version=False)


ROUTES = (
    _route("GET", "runs/get", get_run),
    _route("POST", "runs/update", update_run),
    _route("POST", "runs/log-metric", log_metric),
    _route("POST", "runs/log-batch", log_batch),
    _route("POST", "runs/log-parameter", log_parameter),
    _route("POST", "runs/set-tag", set_tag),
    _route("GET", "metrics/get-history", get_history),
    _route("GET", "experiments/get", get_experiment),
    _route("GET", "experiments/get-by-name", get_experiment_by_name),
)


def _job(request: web.Request, run_id: str) -> Job:
    """Give the job of a run; refuse the token of another."""
    claims = request[CLAIMS]
    if claims["aud"] == tracking.AUDIENCE and claims["appid"] != run_id:
        text = f"The token of the run {claims['appid']!r} is not good for {run_id!r}."
        raise RefusedError(403, "PERMISSION_DENIED", text)
    return request.app[WORKSPACE].jobs.get(run_id)


def _log_metrics(job: Job, metrics: list[Metric]) -> None:
    for metric in metrics:
        job.logged.add(metric.key, Point(metric.value, metric.step, metric.timestamp))


def _log_params(job: Job, params: list[Pair]) -> None:
    job.logged.params.update((param.key, param.value) for param in params)


def _set_tags(job: Job, tags: list[Pair]) -> None:
    more = {tag.key: tag.value for tag in tags}
    job.definition = {**job.definition, "tags": {**job.definition["tags"], **more}}


def _info(request: web.Request, job: Job) -> Json:
    return {
        "run_id": job.name,
        "run_uuid": job.name,
        "run_name": job.definition.get("displayName", job.name),
        "experiment_id": experiment_id(job.definition["experimentName"]),
        "user_id": job.created_by,
        "status": STATUSES.get(job.status, "RUNNING"),
        "start_time": int((job.started or job.created).timestamp() * 1000),
        "end_time": int(job.ended.timestamp() * 1000) if job.ended else None,
        # Jobs run on this machine: what they log as artifacts goes straight to its place.
        "artifact_uri": request.app[WORKSPACE].site.artifact(job, "outputs").parent.as_uri(),
        "lifecycle_stage": "active",
    }


def _data(job: Job) -> Json:
    family = {"mlflow.rootRunId": job.root, "mlflow.parentRunId": job.parent}
    tags = {**job.definition["tags"], **{key: value for key, value in family.items() if value}}
    return {
        "metrics": [_point(name, point) for name, point in job.logged.latest().items()],
        "params": _pairs(job.logged.params),
        "tags": _pairs(tags),
    }


def _pairs(values: dict[str, str]) -> list[Json]:
    return [{"key": key, "value": value} for key, value in values.items()]


def _point(name: str, point: Point) -> Json:
    # What is no finite number has no form in JSON: the client writes and reads its name.
    value = point.value if math.isfinite(point.value) else json.dumps(point.value)
    return {"key": name, "value": value, "step": point.step, "timestamp": point.timestamp}


def _experiment(request: web.Request, wanted: str) -> web.Response:
    """Show an experiment that has a job."""
    names = {job.definition["experimentName"] for job in request.app[WORKSPACE].jobs.everyone()}
    for name in names:
        if experiment_id(name) == wanted:
            experiment = {
                "experiment_id": wanted,
                "name": name,
                "artifact_location": "",
                "lifecycle_stage": "active",
            }
            return web.json_response({"experiment": experiment})
    text = "There is no such experiment in the workspace."
    # The client looks for this code, and takes it for no more than: there is none.
    return web.json_response({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": text}, status=404)
