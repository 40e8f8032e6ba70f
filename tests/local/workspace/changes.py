"""What a PUT for a job that exists may change: very little.

Only `description`, `tags`, `displayName`, `properties` and `isArchived` may differ
(https://github.com/MicrosoftDocs/azure-docs/issues/122250); tags that are left out stay
(https://github.com/Azure/azure-sdk-for-python/issues/30671), and entries of `properties` may be
added, not changed (azure-ai-ml 1.35, `_job_operations.py`).
"""

from collections.abc import Mapping

from tests.local.workspace.refusals import RefusedError
from tests.local.workspace.schema import Json

FREE = {"description", "tags", "displayName", "properties", "isArchived"}
# The service fills these in, and clients send back what they have read.
IGNORED = {"services", "parameters"}


def changed(name: str, old: Json, new: Json, *, added: Mapping[str, str]) -> Json:
    """Give the definition after a PUT, or refuse it. `added` is what the service put in."""
    fixed = {**added, **old["properties"]}
    refused = [
        *(key for key in sorted(old.keys() | new.keys()) if _differs(key, old, new)),
        *(
            f"properties.{key}"
            for key, value in new["properties"].items()
            if fixed.get(key, value) != value
        ),
    ]
    if refused:
        raise _immutable(name, refused)
    return {
        **old,
        **{key: new[key] for key in FREE & new.keys()},
        "tags": {**old["tags"], **new["tags"]},
        "properties": {**old["properties"], **_without(new["properties"], added)},
    }


def _differs(key: str, old: Json, new: Json) -> bool:
    return key not in FREE | IGNORED and old.get(key) != new.get(key)


def _without(properties: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in properties.items() if key not in added}


def _immutable(name: str, properties: list[str]) -> RefusedError:
    text = (
        f"A job with the name {name!r} already exists, and these of its properties cannot be "
        f"changed: {', '.join(properties)}. "
        "Only description, tags, displayName, properties and isArchived can."
    )
    return RefusedError(400, "UserError", text, "Immutable", "JobPropertyImmutable")
