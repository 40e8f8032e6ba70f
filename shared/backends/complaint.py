"""The error of an answer, in the words of Azure Resource Manager and Azure ML.

The body is the `{"error": {code, message, target, details, additionalInfo}}` of its common types,
version 3. Azure ML says `UserError` or `ServiceError` there, and the word that tells more in an
`InnerError` of `additionalInfo` (github.com/Azure/azure-cli-extensions/issues/6662).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from shared.backends import hints
from shared.backends.scrubbing import scrubbed
from shared.errors import Problem

MAX_MESSAGE = 3000  # characters; Azure ML keeps no more of an error itself
MAX_CODE = 100
MAX_DETAILS, MAX_LEVELS = 20, 10

# Codes that speak of the target and not of the job that was asked for.
OF_TARGET = frozenset(
    {
        "disabledsubscription",
        "invalidapiversionparameter",
        "invalidresourcegroup",
        "invalidresourcenamespace",
        "invalidsubscriptionid",
        "missingapiversionparameter",
        "missingsubscriptionregistration",
        "noregisteredproviderfound",
        "parentresourcenotfound",
        "readonlydisabledsubscription",
        "resourcegroupnotfound",
        "subscriptionnotfound",
        "subscriptionnotregistered",
        "workspacenotfound",
    }
)


@dataclass(frozen=True)
class Complaint:
    """An error in the service's words: its code, the codes within, its message and details."""

    code: str
    inner: tuple[str, ...]
    message: str
    details: tuple[Mapping[str, str], ...]

    @property
    def is_of_target(self) -> bool:
        """Does it speak of the subscription, the group or the workspace, and so not of one job?"""
        code = self.code.casefold()
        # This one names what is missing: "The Resource '…/workspaces/demo' under … was not found."
        return code in OF_TARGET or (code == "resourcenotfound" and "/jobs/" not in self.message)

    @property
    def hint(self) -> str | None:
        """What to do about it."""
        return hints.hint(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        """All that hints are found by."""
        return (self.code, *self.inner, self.message)

    def says(self, *codes: str) -> bool:
        """Is one of these among its codes?"""
        said = {code.casefold() for code in (self.code, *self.inner)}
        return not said.isdisjoint(code.casefold() for code in codes)

    def problem(self, asked: str) -> Problem:
        """The same for people; `asked` stands in for a message that is missing."""
        details = (*({"code": code} for code in self.inner), *self.details)
        return Problem(self.code, self.message or asked, self.hint, details)


def complaint(document: object) -> Complaint | None:
    """Read the body of an error; None when it is none."""
    error = _member(document, "error") or document
    code = _text(_member(error, "code"), MAX_CODE)
    if not code:
        return None
    details = map(_detail, _list(_member(error, "details"))[:MAX_DETAILS])
    return Complaint(
        code=code,
        inner=tuple(islice(_inner(error), MAX_LEVELS)),
        message=_text(_member(error, "message"), MAX_MESSAGE),
        details=tuple(filter(None, details)),
    )


def _inner(error: object) -> Iterator[str]:
    """The inner codes, from the general to the particular."""
    for each in _list(_member(error, "additionalInfo")):
        if _member(each, "type") == "InnerError":
            yield from _chain(_member(_member(each, "info"), "value"))
    yield from _chain(_next(error))


def _chain(error: object) -> Iterator[str]:
    while error is not None:
        code = _text(_member(error, "code"), MAX_CODE)
        if code:
            yield code
        error = _next(error)


def _next(error: object) -> object:
    return _member(error, "innerError") or _member(error, "innererror")


def _detail(value: object) -> dict[str, str]:
    """One of several errors, as far as it has words."""
    limits = {"code": MAX_CODE, "message": MAX_MESSAGE, "target": MAX_CODE}
    said = {name: _text(_member(value, name), limit) for name, limit in limits.items()}
    return {name: text for name, text in said.items() if text}


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object, limit: int) -> str:
    return scrubbed(value[:limit]) if isinstance(value, str) else ""
