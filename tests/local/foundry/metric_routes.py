"""What an attempt has logged: which metrics, their points, their last values, their aggregates."""

from collections.abc import Sequence

from aiohttp import web

from tests.local.foundry import paging
from tests.local.foundry.attempt_routes import ATTEMPT, asked_for
from tests.local.foundry.attempts import Point
from tests.local.foundry.door import Route
from tests.local.foundry.model.schema import LARGEST_INT32, Json, Surface
from tests.local.foundry.paging import LARGEST, whole_number
from tests.local.foundry.refusals import not_found
from tests.local.foundry.times import unix


async def list_metrics(request: web.Request) -> web.Response:
    """Show a page of the names of metrics."""
    return web.json_response(
        paging.page(request.query, sorted(_metrics(request)), key=str, show=_named)
    )


async def last_values(request: web.Request) -> web.Response:
    """Show the last point of each metric."""
    latest = sorted((name, points[-1]) for name, points in _metrics(request).items())
    page = paging.listed(
        latest,
        key=lambda item: item[0],
        show=lambda item: {"name": item[0], "value": _point(*item)},
        more=False,
    )
    return web.json_response(page)


async def history(request: web.Request) -> web.Response:
    """Show the points of a metric, oldest first."""
    name, points = _filtered(request)
    limit = _limit(request) or len(points)
    page = paging.listed(
        points[:limit],
        key=lambda point: str(point.step),
        show=lambda point: _point(name, point),
        more=len(points) > limit,
    )
    return web.json_response(page)


async def aggregates(request: web.Request) -> web.Response:
    """Show the points of a metric in figures."""
    name, points = _filtered(request)
    page = paging.listed(
        [points] if points else [],
        key=lambda _: name,
        show=lambda found: _aggregate(name, found),
        more=False,
    )
    return web.json_response(page)


async def samples(request: web.Request) -> web.Response:
    """Show so many points of a metric, evenly spread, the first and the last among them."""
    name, points = _filtered(request)
    chosen = _spread(points, _limit(request) or len(points))
    return web.json_response({"name": name, "points": [_point(name, point) for point in chosen]})


async def sample(request: web.Request) -> web.Response:
    """Show the newest point of a metric, or so many of the newest."""
    name, points = _filtered(request)
    newest = points[-(_limit(request) or 1) :]
    return web.json_response({"name": name, "points": [_point(name, point) for point in newest]})


# The names of metrics come last: `last_values` is none.
ROUTES = tuple(
    Route("metrics", "GET", f"{ATTEMPT}/metrics{path}", handler, Surface.TRAINING_JOBS)
    for path, handler in {
        "": list_metrics,
        "/last_values": last_values,
        "/{metric}": history,
        "/{metric}/aggregates": aggregates,
        "/{metric}/samples": samples,
        "/{metric}/sample": sample,
    }.items()
)


def _metrics(request: web.Request) -> dict[str, list[Point]]:
    return asked_for(request)[1].metrics


def _limit(request: web.Request) -> int | None:
    return whole_number(request.query, "limit", at_least=1, at_most=LARGEST_INT32)


def _filtered(request: web.Request) -> tuple[str, list[Point]]:
    """Give the points of the metric that is asked for, between the bounds that are."""
    name, query = request.match_info["metric"], request.query
    metrics = _metrics(request)
    if name not in metrics:
        raise not_found(f"The attempt has logged no metric {name!r}.")
    first = whole_number(query, "min_step", at_least=-LARGEST)
    last = whole_number(query, "max_step", at_least=-LARGEST)
    start = whole_number(query, "started_at", at_least=0, at_most=LARGEST_INT32)
    end = whole_number(query, "ended_at", at_least=0, at_most=LARGEST_INT32)
    return name, [
        point
        for point in metrics[name]
        if _is_within(point.step, first, last) and _is_within(unix(point.created) or 0, start, end)
    ]


def _is_within(value: int, first: int | None, last: int | None) -> bool:
    return (first is None or value >= first) and (last is None or value <= last)


def _spread(points: Sequence[Point], count: int) -> list[Point]:
    if len(points) <= count:
        return list(points)
    if count == 1:
        return [points[-1]]
    return [points[place * (len(points) - 1) // (count - 1)] for place in range(count)]


def _named(name: str) -> Json:
    return {"name": name, "metric_type": "scalar", "columns": {name: "double"}}


def _point(name: str, point: Point) -> Json:
    return {
        "metric_id": f"{name}-{point.step}",
        "step": point.step,
        "created_at": unix(point.created),
        "data": {name: point.value},
    }


def _aggregate(name: str, points: Sequence[Point]) -> Json:
    values = [point.value for point in points]
    return {
        "name": name,
        "started_at": unix(points[0].created),
        "ended_at": unix(points[-1].created),
        "values": {
            "min": min(values),
            "max": max(values),
            "mean": sum(values) / len(values),
            "count": len(values),
            "last": values[-1],
        },
    }
