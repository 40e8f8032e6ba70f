"""Errors over HTTP: one form, one status for each kind."""

import pytest

from shared import errors
from shared.errors import Fault, JobrelayError
from shared.problems import problem

REJECTED = errors.RejectedError("invalid", "/reason: found x", faults=[Fault("/reason", "x", "y")])


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (REJECTED, 400),
        (errors.RejectedError("too_large", "20000 bytes"), 413),
        (errors.RejectedError("unsupported_media_type", "send JSON"), 415),
        (errors.NotFoundError("no run"), 404),
        (errors.EndedError("run has ended", status="Failed"), 409),
        (errors.UnavailableError("the table does not answer"), 503),
        (errors.StaleError("it was changed"), 503),
        (errors.JobrelayError("anything else"), 503),
    ],
)
def test_each_kind_of_error_has_its_status(error: JobrelayError, status: int) -> None:
    code, body = problem(error)

    assert code == body["status"] == status
    assert (body["type"], body["detail"]) == ("about:blank", str(error))


def test_a_rejection_names_its_faults() -> None:
    _, body = problem(REJECTED)

    assert body == {
        "type": "about:blank",
        "title": "The request is not valid",
        "status": 400,
        "detail": "/reason: found x",
        "faults": [{"path": "/reason", "found": "x", "expected": "y"}],
    }


def test_a_conflict_says_how_the_run_ended() -> None:
    _, body = problem(errors.EndedError("run jr-1 has ended", status="Failed"))

    assert body == {
        "type": "about:blank",
        "title": "The run has ended",
        "status": 409,
        "detail": "run jr-1 has ended",
        "runStatus": "Failed",
    }
