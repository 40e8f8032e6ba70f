"""What a PUT on `jobs` for a job that exists may change: very little, as in Azure ML.

Only `description`, `tags`, `displayName`, `properties` and `isArchived` may differ
(https://github.com/MicrosoftDocs/azure-docs/issues/122250). Tags that are left out stay, and
entries of `properties` may be added, not changed.
"""

from tests.local.foundry.model.command_job import CommandJob, written
from tests.local.foundry.model.schema import Surface
from tests.local.foundry.refusals import RefusedError

FREE = frozenset({"description", "tags", "displayName", "properties", "isArchived"})


def changed(name: str, old: CommandJob, new: CommandJob, *, shown: CommandJob) -> CommandJob:
    """Give the definition after a PUT, or refuse it.

    Clients send back what they were shown, which may hold more than what was once sent.
    """
    differing = set(_differing(old, new)) & set(_differing(shown, new))
    refused = [*sorted(differing), *_differing_properties(old, new)]
    if refused:
        raise _immutable(name, refused)
    return old.model_copy(
        update={
            "description": old.description if new.description is None else new.description,
            "display_name": old.display_name if new.display_name is None else new.display_name,
            "is_archived": new.is_archived,
            "tags": {**old.tags, **new.tags},
            "properties": {**old.properties, **new.properties},
        }
    )


def _differing(old: CommandJob, new: CommandJob) -> list[str]:
    before, after = written(old, Surface.JOBS), written(new, Surface.JOBS)
    names = (before.keys() | after.keys()) - FREE
    return [name for name in names if before.get(name) != after.get(name)]


def _differing_properties(old: CommandJob, new: CommandJob) -> list[str]:
    fixed = old.properties
    return [
        f"properties.{key}"
        for key, value in new.properties.items()
        if fixed.get(key, value) != value
    ]


def _immutable(name: str, properties: list[str]) -> RefusedError:
    text = (
        f"A job with the name {name!r} already exists, and these of its properties cannot be "
        f"changed: {', '.join(properties)}. Only {', '.join(sorted(FREE))} can."
    )
    return RefusedError(400, "immutable_property", text)
