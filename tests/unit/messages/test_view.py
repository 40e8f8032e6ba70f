"""What HTTP tells of a run: how it is now, or how it ended."""

import json
from dataclasses import replace
from typing import Any

from shared.messages import event, view, view_of_tombstone
from shared.runs import Live, Result, Status, Wish
from tests.rows import NOW, a_live, a_run, run_id

RUN = a_run()


def told(live: Live, result: Result | None = None) -> Live:
    """The row with the event that tells of it."""
    return live.telling(*event(RUN, live, source="urn:demo", at=NOW, result=result))


def test_a_run_in_flight_is_shown_as_it_is() -> None:
    live = told(a_live())

    shown = view(RUN, live)

    data = shown.pop("data")
    assert shown == {
        "runId": run_id(),
        "requestId": "train-1",
        "status": "Accepted",
        "final": False,
        "cancelRequested": False,
        "timeline": [
            {
                "seq": 1,
                "type": "jobrelay.run.accepted",
                "status": "Accepted",
                "at": "2026-11-21T09:30:15.123457Z",
            }
        ],
    }
    assert data == data_of(live.outbox[0].body)


def test_a_wish_to_end_it_shows() -> None:
    live = told(a_live(wish=Wish("user", None, NOW)))

    assert view(RUN, live)["cancelRequested"] is True


def test_a_run_that_has_ended_with_news_unsent_is_shown_as_it_ended() -> None:
    live = told(a_live(status=Status.SUCCESS), Result(outputs={"rate": "0.5"}))

    shown = view(RUN, live)

    assert (shown["status"], shown["final"]) == ("Success", True)
    assert shown["data"]["outputs"] == {"rate": "0.5"}


def test_a_run_that_is_over_is_shown_as_it_ended() -> None:
    live = told(a_live(status=Status.FAILED))
    run = replace(RUN, final=Status.FAILED, result=live.final_event, timeline=live.timeline)

    shown = view(run, None)

    assert (shown["status"], shown["final"]) == ("Failed", True)
    assert [entry["type"] for entry in shown["timeline"]] == ["jobrelay.run.failed"]
    assert shown["data"] == data_of(live.final_event)


def test_a_run_that_is_over_without_a_word_has_no_data() -> None:
    assert view(replace(RUN, final=Status.FAILED), None)["data"] is None


def test_a_request_that_has_not_come_yet_is_to_be_cancelled() -> None:
    assert view_of_tombstone(run_id(), "order-7") == {
        "runId": run_id(),
        "requestId": "order-7",
        "status": None,
        "final": False,
        "cancelRequested": True,
        "timeline": [],
        "data": None,
    }


def data_of(body: bytes | None) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(body or b"")["data"]
    return data
