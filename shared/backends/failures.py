"""Why a job failed, as the services write it."""

from dataclasses import replace

from shared.backends import hints
from shared.backends.complaint import complaint
from shared.backends.reading import mapping, text
from shared.errors import Problem

FAILED = "JobFailed"
SILENT = "the job failed; the service does not say why"


def why(error: object) -> Problem | None:
    """An error in words for people; None when it says neither code nor message."""
    inner = mapping(mapping(error).get("error")) or mapping(error)
    code = text(inner.get("code"))
    found = complaint({**inner, "code": code or FAILED})
    if found is None or not (code or found.message):
        return None
    return replace(found.problem(SILENT), hint=hints.hint_of_failure(found.words))
