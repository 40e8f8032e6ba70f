"""What a PUT on `jobs` may change of a job that exists."""

from typing import Any

import pytest

from tests.local.foundry.changes import changed
from tests.local.foundry.model.command_job import CommandJob
from tests.local.foundry.refusals import RefusedError
from tests.unit.local.test_foundry_command_job import a_job, put


def after(old: CommandJob, **sent: Any) -> CommandJob:
    return changed("j", old, put(a_job(**sent)), shown=old)


def test_the_same_body_changes_nothing() -> None:
    old = put(a_job(description="d", tags={"a": "1"}))

    assert after(old, description="d", tags={"a": "1"}) == old


def test_what_describes_a_job_may_change() -> None:
    new = after(put(a_job(description="d")), description="e", displayName="n", isArchived=True)

    assert (new.description, new.display_name, new.is_archived) == ("e", "n", True)


def test_what_is_left_out_of_a_description_stays() -> None:
    new = after(put(a_job(description="d", displayName="n")))

    assert (new.description, new.display_name) == ("d", "n")


def test_tags_that_are_left_out_stay() -> None:
    assert after(put(a_job(tags={"a": "1"})), tags={"b": "2"}).tags == {"a": "1", "b": "2"}


def test_tags_may_change() -> None:
    assert after(put(a_job(tags={"a": "1"})), tags={"a": "2"}).tags == {"a": "2"}


def test_properties_may_be_added() -> None:
    new = after(put(a_job(properties={"a": "1"})), properties={"b": "2"})

    assert new.properties == {"a": "1", "b": "2"}


def test_properties_may_not_change() -> None:
    with pytest.raises(RefusedError, match=r"properties\.a"):
        after(put(a_job(properties={"a": "1"})), properties={"a": "2"})


@pytest.mark.parametrize(
    "change",
    [
        {"command": "false"},
        {"experimentName": "e"},
        {"inputs": {"x": {"jobInputType": "literal", "value": "v"}}},
        {"limits": {"timeout": "PT1H"}},
    ],
)
def test_what_a_job_does_may_not_change(change: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match=f"cannot be changed: {next(iter(change))}"):
        after(put(a_job()), **change)


def test_what_a_client_was_shown_may_come_back() -> None:
    old = put(a_job(outputs={"x": {"jobOutputType": "uri_file"}}))
    shown = put(a_job(outputs={"x": {"jobOutputType": "uri_file", "uri": "u"}}))

    assert changed("j", old, shown, shown=shown) == old
