"""What the failures of Table Storage mean to us."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from http.client import HTTPException

from azure.core.exceptions import AzureError

from shared.errors import ExistsError, JobrelayError, StaleError, UnavailableError

# https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes
EXISTS = frozenset({"EntityAlreadyExists"})
GONE = frozenset({"ResourceNotFound", "EntityNotFound"})
CHANGED = frozenset({"UpdateConditionNotSatisfied", "ConditionNotMet"})
NOT_ALLOWED = "The app's identity needs the role Storage Table Data Contributor."
HINTS = {
    "TableNotFound": "The table that TABLE_NAME names is made by the deployment: deploy again.",
    "AuthorizationFailure": NOT_ALLOWED,
    "AuthorizationPermissionMismatch": NOT_ALLOWED,
}
# These come through the SDK as they are when an answer is cut short, or is none of the service's.
RAW = (OSError, HTTPException, AttributeError, LookupError, TypeError, ValueError)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what the SDK raises into our errors."""
    try:
        yield
    except (AzureError, *RAW) as exc:
        raise _error(what, exc) from exc


def _error(what: str, failure: Exception) -> JobrelayError:
    """Our error: what was asked, what came back.

    None is `clear`: the client repeats by itself, and only its last failure is to be seen here.
    """
    code, status = code_of(failure), getattr(failure, "status_code", None)
    if code in EXISTS:
        return ExistsError(f"{what}: {code}")
    if code in GONE | CHANGED:
        return StaleError(f"{what}: {code}")
    text = f"{what}: {code}" if status is None else f"{what}: {status} {code}"
    return UnavailableError(text, code=code, hint=HINTS.get(code))


def code_of(failure: Exception) -> str:
    """The service's word for what went wrong, or at least the SDK's."""
    code = getattr(failure, "error_code", None)
    if isinstance(code, Enum):
        return str(code.value)
    return type(failure).__name__ if code is None else str(code)
