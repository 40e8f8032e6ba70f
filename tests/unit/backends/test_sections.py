"""What can be read on of a job of a workspace."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
import stamina

from shared.backends.remote import Remote
from shared.backends.workspace.jobs import WorkspaceJobs
from shared.errors import NotFoundError, UnavailableError
from shared.ports import Page
from shared.runs import Section
from tests.arm import Clock, Places, a_connection, a_history, an_error
from tests.jobs import ID, a_document, bodies

NAME = "jr-0123456789abcdef01234567"
CHILDREN = f"runs/{NAME}/children"
KNOWN = {f"runs/{NAME}/details": {"runId": NAME}}


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


def section(
    wanted: Section, *, jobs: Places | None = None, history: Places | None = None
) -> Page | None:
    clock = Clock()
    remote = Remote(a_connection(jobs, clock=clock), ID)
    past = None if history is None else a_history(history, clock=clock)
    backend = WorkspaceJobs(remote, bodies(), clock=clock, history=past)
    return backend.section(NAME, wanted)


def test_children_are_told_as_run_history_tells_them() -> None:
    child = {
        "runId": "step-1",
        "displayName": "Clean",
        "status": "Completed",
        "startTimeUtc": "2026-11-21T09:00:00Z",
        "properties": {"secret": "c4nary"},
    }
    history = Places({**KNOWN, CHILDREN: {"value": [child, {"status": "Running"}, 7]}})

    assert section(Section.CHILDREN, history=history) == Page(
        (
            {
                "name": "step-1",
                "display_name": "Clean",
                "status": "Completed",
                "started_at": datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
                "ended_at": None,
            },
        )
    )


def test_of_very_many_children_the_first_are_told() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        link = f"{request.url.copy_with(query=None)}?page={len(asked)}"
        return httpx.Response(200, json={"value": [{"runId": f"c{len(asked)}"}], "nextLink": link})

    clock = Clock()
    remote = Remote(a_connection(clock=clock), ID)
    backend = WorkspaceJobs(remote, bodies(), clock=clock, history=a_history(answer, clock=clock))

    page = backend.section(NAME, Section.CHILDREN)

    assert page is not None
    assert [each["name"] for each in page.items] == ["c2", "c3", "c4", "c5", "c6"]
    assert page.truncated


def test_without_run_history_nothing_is_known_of_children() -> None:
    with pytest.raises(NotFoundError, match="`location`"):
        section(Section.CHILDREN)


def test_of_a_run_that_history_does_not_know_there_are_no_children() -> None:
    assert section(Section.CHILDREN, history=Places({})) is None


def test_run_history_that_does_not_answer_is_no_job_without_children() -> None:
    with pytest.raises(UnavailableError):
        section(Section.CHILDREN, history=Places({**KNOWN, CHILDREN: an_error(503)}))


def test_services_and_outputs_are_those_of_the_document() -> None:
    document = a_document(
        NAME,
        services={"Studio": {"jobServiceType": "Studio", "endpoint": "https://x?sig=c4nary"}},
        outputs={"score": {"jobOutputType": "literal", "value": "0.9"}, "odd": None},
    )
    jobs = Places({f"jobs/{NAME}": document})

    assert section(Section.SERVICES, jobs=jobs) == Page(
        (
            {
                "name": "Studio",
                "type": "Studio",
                "status": None,
                "port": None,
                "endpoint": "https://x?…",
                "error": None,
            },
        )
    )
    assert section(Section.OUTPUTS, jobs=jobs) == Page(
        (
            {
                "name": "score",
                "type": "literal",
                "uri": None,
                "asset_id": None,
                "asset_name": None,
                "value": "0.9",
            },
        )
    )


@pytest.mark.parametrize("wanted", [Section.SERVICES, Section.OUTPUTS])
def test_of_a_job_that_is_not_there_nothing_is_told(wanted: Section) -> None:
    assert section(wanted, jobs=Places({})) is None


@pytest.mark.parametrize("wanted", [Section.ATTEMPTS, Section.METRICS, Section.ARTIFACTS])
def test_a_job_of_a_workspace_has_no_other_section(wanted: Section) -> None:
    jobs = Places({})

    with pytest.raises(NotFoundError, match=f"has no {wanted}"):
        section(wanted, jobs=jobs)

    assert jobs.asked == []
