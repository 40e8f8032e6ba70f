"""The record of a job in `training_jobs`: its attempts, and what the latest one left behind.

The routes are those of github.com/Azure/azure-rest-api-specs, specification/ai-foundry/data-plane/
Foundry (training_jobs).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shared.backends.failures import why
from shared.backends.foundry import telling
from shared.backends.foundry.asking import Reader
from shared.backends.foundry.paging import listed
from shared.backends.foundry.record import Course
from shared.backends.reading import entries, mapping, objects, text
from shared.errors import NotFoundError
from shared.ports import Json, Page
from shared.runs import Section

PAGE = {"limit": "100"}
POINTS = {"limit": "1000"}  # of one metric


class Attempts:
    """The Record port over attempts."""

    def __init__(self, reader: Reader, path: str) -> None:
        """Ask for what is below the path of the job."""
        self._reader = reader
        self._path = path
        self._sections: Mapping[Section, Callable[[], Page | None]] = {
            Section.ATTEMPTS: self._attempts,
            Section.METRICS: self._metrics,
            Section.ARTIFACTS: self._artifacts,
            Section.SERVICES: self._services,
            Section.OUTPUTS: self._outputs,
        }

    def course(self) -> Course:
        latest = self._reader.get(f"{self._path}/attempts/latest")
        if latest is None:
            return Course()
        page = self._attempts()
        tried = [] if page is None else list(page.items)
        shown = telling.attempt(latest)
        return Course(
            attempt={"id": shown["id"], "status_reason": shown["status_reason"]},
            attempts=len(tried) if page is not None and not page.truncated else None,
            started_at=_first(tried) or shown["started_at"],
            ended_at=shown["ended_at"],
            compute_seconds=shown["compute_seconds"],
            compute=shown["compute"],
            error=why(latest.get("error")),
            warnings=tuple(warning for each in tried for warning in each["warnings"]),
        )

    def section(self, section: Section, item: str | None = None) -> Page | None:
        if section not in self._sections:
            raise NotFoundError(f"a training job has no {section}: see its attempts")
        return self._sections[section]() if item is None else self._points(item)

    def _attempts(self) -> Page | None:
        return listed(self._reader, f"{self._path}/attempts", telling.attempt)

    def _metrics(self) -> Page | None:
        path = f"{self._path}/attempts/latest/metrics/last_values"
        return listed(self._reader, path, _last_value, PAGE)

    def _points(self, name: str) -> Page | None:
        path = f"{self._path}/attempts/latest/metrics"
        page = self._reader.get(path, POINTS, item=name)
        if page is None:
            return None
        points = tuple(telling.point(name, each) for each in objects(page.get("data")))
        return Page(points, truncated=page.get("has_more") is True)

    def _artifacts(self) -> Page | None:
        path = f"{self._path}/attempts/latest/artifacts"
        return listed(self._reader, path, telling.artifact, PAGE)

    def _services(self) -> Page | None:
        document = self._reader.get(f"{self._path}/services")
        if document is None:
            return None
        found = entries(document.get("services"))
        return Page(tuple(telling.service(name, each) for name, each in found))

    def _outputs(self) -> Page | None:
        return listed(self._reader, f"{self._path}/outputs", _output)


def _first(tried: list[Json]) -> datetime | None:
    """When the first attempt began."""
    return min((each["started_at"] for each in tried if each["started_at"]), default=None)


def _last_value(said: Json) -> dict[str, Any] | None:
    name = text(said.get("name"))
    return None if name is None else telling.point(name, mapping(said.get("value")))


def _output(said: Json) -> dict[str, Any] | None:
    name = text(said.get("name"))
    return None if name is None else {"name": name, **telling.output(said)}
