"""The record of a job in `jobs`: its run, in the words of run history.

The routes and names are those that github.com/Azure/azure-dev reads
(cli/azd/extensions/azure.ai.training, pkg/client). All comes on one page.
"""

from collections.abc import Callable, Mapping

from shared.backends.failures import why
from shared.backends.foundry import telling
from shared.backends.foundry.asking import Reader
from shared.backends.foundry.profiles import time
from shared.backends.foundry.record import Course
from shared.backends.foundry.spelling import snake
from shared.backends.reading import entries, mapping, objects, seconds, text
from shared.errors import NotFoundError
from shared.messages.fields import JOB_NAME
from shared.ports import Json, Page
from shared.runs import Section

MOST_METRICS = 20  # each costs a request
MOST_POINTS = 1000


class History:
    """The Record port over run history."""

    def __init__(self, reader: Reader, path: str) -> None:
        """Ask for what is below the path of the job."""
        self._reader = reader
        self._path = path
        self._name = path.rpartition("/")[2]
        self._sections: Mapping[Section, Callable[[], Page | None]] = {
            Section.METRICS: self._metrics,
            Section.ARTIFACTS: self._artifacts,
            Section.SERVICES: self._services,
            Section.OUTPUTS: self._outputs,
        }

    def course(self) -> Course:
        details = self._reader.get(f"{self._path}/history/runs/{self._name}/details")
        if details is None:
            return Course()
        return Course(
            started_at=time(details.get("startTimeUtc")),
            ended_at=time(details.get("endTimeUtc")),
            compute_seconds=seconds(details.get("computeDuration")),
            error=why(details.get("error")),
            warnings=tuple(telling.warnings(details.get("warnings"))),
        )

    def section(self, section: Section, item: str | None = None) -> Page | None:
        if section not in self._sections:
            raise NotFoundError(f"a job of a project with profile jobs has no {section}")
        return self._sections[section]() if item is None else self._points(item)

    def _metrics(self) -> Page | None:
        """The last value of each metric, as far as there is time to ask for each."""
        found = self._reader.ask(f"{self._path}/metrics/{self._name}/list", {})
        if found is None:
            return None
        keys = (mapping(each.get("metricKey")) for each in objects(found.get("value")))
        names = list(filter(None, (text(key.get("metricName")) for key in keys)))
        points = filter(None, map(self._last_value, names[:MOST_METRICS]))
        return Page(tuple(points), truncated=len(names) > MOST_METRICS)

    def _last_value(self, name: str) -> Json | None:
        page = self._points(name)
        return page.items[-1] if page is not None and page.items else None

    def _points(self, name: str) -> Page | None:
        path = f"{self._path}/metrics/{self._name}/full"
        found = self._reader.ask(path, {"metricName": name})
        if found is None:
            return None
        points = objects(found.get("value"))
        newest = tuple(telling.point(name, each) for each in points[-MOST_POINTS:])
        return Page(newest, truncated=len(points) > MOST_POINTS)

    def _artifacts(self) -> Page | None:
        run = self._reader.get(f"{self._path}/history/runs/{self._name}") or {}
        experiment = run.get("experimentId")
        if not isinstance(experiment, str) or not JOB_NAME.fullmatch(experiment):
            return None
        place = f"history/experimentids/{experiment}/runs/{self._name}/artifacts"
        found = self._reader.get(f"{self._path}/{place}")
        if found is None:
            return None
        return Page(tuple(filter(None, map(telling.artifact, objects(found.get("value"))))))

    def _services(self) -> Page | None:
        path = f"{self._path}/history/runs/{self._name}/serviceinstances/0"
        found = self._reader.get(path)
        if found is None:
            return None
        instances = entries(found.get("instances"))
        return Page(tuple(telling.service(name, each) for name, each in instances))

    def _outputs(self) -> Page | None:
        """What the document says: there is no other list of them."""
        document = self._reader.get(self._path)
        if document is None:
            return None
        outputs = entries(snake(mapping(document.get("properties"))).get("outputs"))
        return Page(tuple({"name": name, **telling.output(each)} for name, each in outputs))
