"""Somebody reads on about the job of a run."""

import pytest

from shared.errors import NotFoundError, UnavailableError
from shared.flows.cancel import cancel_request
from shared.flows.examine import examine
from shared.flows.submit import submit
from shared.runs import Section
from tests.unit.flows.given import OTHER_ID, RUN_ID, World, a_job, a_message


def test_a_section_is_told_as_the_service_tells_it() -> None:
    world = a_job()
    place = {"jobOutputType": "uri_file", "uri": "azureml://x?sig=c4nary"}
    world.jobs.becomes(RUN_ID, "Completed", outputs={"model": place})

    view = examine(world.services, RUN_ID, Section.OUTPUTS)

    assert (view["runId"], view["section"], view["truncated"]) == (RUN_ID, "outputs", False)
    assert view["items"][0] == {
        "name": "model",
        "type": "uri_file",
        "uri": "azureml://x?…",
        "value": None,
    }


def test_of_a_run_that_is_over_the_service_is_still_asked() -> None:
    world = a_job()
    world.jobs.becomes(RUN_ID, "Completed")
    world.poll()

    view = examine(world.services, RUN_ID, Section.OUTPUTS)

    assert world.is_over()
    assert [item["name"] for item in view["items"]] == ["default"]


def test_there_is_nothing_to_tell_of_a_run_that_nobody_knows() -> None:
    world = World()

    with pytest.raises(NotFoundError, match=f"no run {RUN_ID}"):
        examine(world.services, RUN_ID, Section.OUTPUTS)

    assert world.jobs.calls == []


def test_a_request_that_was_cancelled_before_it_came_has_no_run() -> None:
    world = World()
    cancel_request(world.services, "order-8", reason=None)

    with pytest.raises(NotFoundError):
        examine(world.services, OTHER_ID, Section.OUTPUTS)


def test_a_run_without_a_job_has_nothing_to_tell_yet() -> None:
    world = World()
    submit(world.services, *a_message(notBefore="2999-01-01T00:00:00Z"))

    with pytest.raises(NotFoundError, match="may have no job yet"):
        examine(world.services, RUN_ID, Section.OUTPUTS)


def test_what_a_kind_of_job_has_not_is_said_so() -> None:
    world = a_job()

    with pytest.raises(NotFoundError, match="has no attempts"):
        examine(world.services, RUN_ID, Section.ATTEMPTS)


def test_a_service_that_does_not_answer_is_no_job_without_sections() -> None:
    world = a_job()
    world.jobs.fail("section", UnavailableError("GET jobs: 503"))

    with pytest.raises(UnavailableError):
        examine(world.services, RUN_ID, Section.OUTPUTS)


def test_a_target_that_is_not_in_the_settings_any_more_cannot_be_asked() -> None:
    world = a_job()
    world.targets.clear()

    with pytest.raises(UnavailableError):
        examine(world.services, RUN_ID, Section.OUTPUTS)
