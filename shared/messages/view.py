"""What HTTP tells of a run."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import Field

from shared.messages.data import Told
from shared.messages.telling import run_data
from shared.runs import Entry, Live, Run, Status

Json = dict[str, Any]


class EntryData(Told):
    """One line of a run's timeline."""

    seq: int = Field(description="Number of the event.")
    type: str = Field(description="Type of the event.")
    status: Status = Field(description="Status that it told of.")
    at: datetime = Field(description="When it was made.")


class RunView(Told):
    """A run as it now is."""

    run_id: str = Field(description="Id of the run.")
    request_id: str = Field(description="Id of its request.")
    status: Status | None = Field(description="How far it is; null: its request has not come yet.")
    final: bool = Field(description="Whether it has ended.")
    cancel_requested: bool = Field(description="Whether its end is wanted.")
    timeline: list[EntryData] = Field(description="Its events, the latest hundred.")
    data: dict[str, Any] | None = Field(description="What its last event would say now.")


def view(run: Run, live: Live | None) -> Json:
    """A run, its timeline and the data of its last event; `live` is None when it has ended."""
    if live is None:
        return _view(run, run.final, run.timeline, _told(run.result), cancel_requested=False)
    data = run_data(run, live) if live.final_event is None else _told(live.final_event)
    return _view(run, live.status, live.timeline, data, cancel_requested=live.wish is not None)


def view_of_tombstone(run_id: str, request_id: str) -> Json:
    """A request that was cancelled before it came."""
    return RunView(
        run_id=run_id,
        request_id=request_id,
        status=None,
        final=False,
        cancel_requested=True,
        timeline=[],
        data=None,
    ).model_dump(mode="json")


def _view(
    run: Run,
    status: Status | None,
    timeline: Iterable[Entry],
    data: Json | None,
    *,
    cancel_requested: bool,
) -> Json:
    return RunView(
        run_id=run.id,
        request_id=run.request_id,
        status=status,
        final=status is not None and status.is_final,
        cancel_requested=cancel_requested,
        timeline=[EntryData(**asdict(entry)) for entry in timeline],
        data=data,
    ).model_dump(mode="json")


def _told(event: bytes | None) -> Json | None:
    """The data of an event that was made."""
    data: Json | None = json.loads(event or b"{}").get("data")
    return data
