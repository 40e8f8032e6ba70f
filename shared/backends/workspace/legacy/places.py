"""Where the older form puts an output: a datastore, and a path in it."""

import re

from shared.backends.workspace.arm import GROUP, NAME, PREFIX, PROVIDER

NAMED = re.compile(rf"{PREFIX}({NAME})")
WHOLE = re.compile(
    rf"{PREFIX}/subscriptions/([0-9a-f-]{{36}})/resourceGroups/({GROUP})"
    rf"/providers/{re.escape(PROVIDER)}/workspaces/({NAME})/datastores/({NAME})",
    re.IGNORECASE,
)
# Neither `.` nor `..`, nothing that ends a path or hides another one in an address.
STEP = r"(?!\.{1,2}(?:/|\Z))[^/\\?#%\x00-\x1f\x7f-\x9f]+"
PATH = re.compile(rf"/?({STEP}(?:/{STEP})*/?)")


def datastore(text: str) -> str:
    """The address of a datastore, given by name or id; ValueError says what would be right.

    An id may be of another workspace, so that its address names the workspace too (see
    learn.microsoft.com/azure/machine-learning/how-to-read-write-data-v2).
    """
    named, whole = NAMED.fullmatch(text), WHOLE.fullmatch(text)
    if whole:
        subscription, group, workspace, name = whole.groups()
        scope = f"subscriptions/{subscription}/resourcegroups/{group}/workspaces/{workspace}"
        return f"azureml://{scope}/datastores/{name}"
    if not named:
        raise ValueError("the name of a datastore of the workspace, or the whole id of one")
    return f"azureml://datastores/{named[1]}"


def path(text: str) -> str:
    """The path without a slash before it; ValueError says what would be right."""
    found = PATH.fullmatch(text)
    if not found:
        raise ValueError("a path like folder/file, without .., //, backslashes, ?, # and %")
    return found[1]
