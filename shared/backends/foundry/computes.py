"""Computes of an account, which training jobs run on, by id or in short.

They are other things than the computes of a workspace: see
learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/computes.
"""

import re

NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}"
GROUP = r"(?!\.+/)[A-Za-z0-9_.()-]{1,90}"
SCOPE = rf"/subscriptions/[0-9a-f-]{{36}}/resourceGroups/{GROUP}/providers"
ACCOUNT = rf"{SCOPE}/Microsoft\.CognitiveServices/accounts/{NAME}"

PREFIX = re.compile(ACCOUNT, re.IGNORECASE)
COMPUTE_ID = re.compile(rf"{ACCOUNT}/computes/{NAME}", re.IGNORECASE)
OF_WORKSPACE = re.compile(
    r"(azureml:)?/subscriptions/.*/Microsoft\.MachineLearningServices/.*", re.IGNORECASE
)
SHORT = re.compile(NAME)
WHOLE = (
    "/subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.CognitiveServices"
    "/accounts/{account}/computes/{name}"
)


def compute(text: str, prefix: str | None) -> str:
    """The id of a compute, given whole or by name; ValueError says what would be right.

    `prefix` is the id of the account that names belong to.
    """
    if COMPUTE_ID.fullmatch(text):
        return text
    if OF_WORKSPACE.fullmatch(text):
        raise ValueError(f"a compute of an account, not of a workspace: {WHOLE}")
    if not SHORT.fullmatch(text):
        raise ValueError(f"the name of a compute of the account, or its whole id: {WHOLE}")
    if prefix is None:
        raise ValueError(
            f"a whole id, {WHOLE}. An operator may set `computePrefix` of the target to that of "
            "its account, and names will do"
        )
    return f"{prefix}/computes/{text}"
