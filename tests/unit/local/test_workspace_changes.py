"""What a second PUT may change of a job."""

from typing import Any

import pytest

from tests.local.workspace.changes import changed
from tests.local.workspace.refusals import RefusedError


def a_definition(**properties: Any) -> dict[str, Any]:
    return {"command": "true", "isArchived": False, "tags": {}, "properties": {}, **properties}


@pytest.mark.parametrize(
    "properties", [{"displayName": "new"}, {"description": "new"}, {"isArchived": True}], ids=str
)
def test_a_put_may_change_what_describes_a_job(properties: dict[str, Any]) -> None:
    after = changed("j", a_definition(), a_definition(**properties), added={})

    assert after == a_definition(**properties)


def test_a_put_of_the_same_definition_changes_nothing() -> None:
    before = a_definition(displayName="d", tags={"a": "1"})

    assert changed("j", before, before, added={}) == before


def test_a_put_of_another_command_is_refused_and_names_it() -> None:
    with pytest.raises(RefusedError, match=r"cannot be changed: command\.") as refused:
        changed("j", a_definition(), a_definition(command="false"), added={})

    assert refused.value.inner == ("Immutable", "JobPropertyImmutable")


def test_a_put_that_leaves_a_property_out_is_refused() -> None:
    with pytest.raises(RefusedError, match="codeId"):
        changed("j", a_definition(codeId="c"), a_definition(), added={})


def test_tags_that_are_left_out_stay() -> None:
    after = changed("j", a_definition(tags={"a": "1"}), a_definition(tags={"b": "2"}), added={})

    assert after["tags"] == {"a": "1", "b": "2"}


def test_an_entry_of_the_properties_may_be_added() -> None:
    after = changed(
        "j", a_definition(properties={"a": "1"}), a_definition(properties={"b": "2"}), added={}
    )

    assert after["properties"] == {"a": "1", "b": "2"}


def test_an_entry_of_the_properties_may_not_be_changed() -> None:
    with pytest.raises(RefusedError, match=r"properties\.a"):
        changed(
            "j", a_definition(properties={"a": "1"}), a_definition(properties={"a": "2"}), added={}
        )


def test_what_the_service_added_may_come_back_and_is_not_kept() -> None:
    after = changed(
        "j", a_definition(), a_definition(properties={"x": "ours"}), added={"x": "ours"}
    )

    assert after["properties"] == {}


def test_what_the_service_added_may_not_be_changed() -> None:
    with pytest.raises(RefusedError, match=r"properties\.x"):
        changed("j", a_definition(), a_definition(properties={"x": "theirs"}), added={"x": "ours"})
