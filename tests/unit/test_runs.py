"""How the row of a run changes, to the very moment at which it does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Problem
from shared.runs import (
    BACKOFF_TO,
    OUTBOX_ROOM,
    OUTBOX_ROOM_BYTES,
    TIMELINE_ROOM,
    Deadlines,
    Entry,
    Job,
    Observation,
    State,
    Status,
    Wish,
    backoff,
    is_run_id,
    run_id_of,
)
from tests.rows import NOW, a_live, an_item

TICK = timedelta(microseconds=1)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WISH = Wish("user", "late", NOW)
PROBLEM = Problem("Http503", "no answer")


def a_look(status: Status = Status.RUNNING, **changes: Any) -> Observation:
    defaults: dict[str, Any] = {
        "status": status,
        "native_status": "Native",
        "job": Job("Train", "iris", {"a": "b"}, "https://ml.azure.com/x"),
    }
    return Observation(**{**defaults, **changes})


def an_entry(seq: int, status: Status = Status.RUNNING) -> Entry:
    return Entry(seq, "jobrelay.run.status", status, NOW)


def test_the_id_of_a_run_is_a_fixed_function() -> None:
    assert run_id_of("relay", "order-7") == "jr-86e4bcb857a7297d525890f7"
    assert is_run_id(run_id_of("relay", "order-7"))


def test_apps_and_requests_do_not_share_runs() -> None:
    ids = {run_id_of(app, request) for app in ("a", "b") for request in ("x", "y")}

    assert len(ids) == 4


@pytest.mark.parametrize("text", ["", "jr-", "jr-" + "0" * 23, "jr-" + "0" * 24 + "\n", "JR-x"])
def test_nothing_else_is_the_id_of_a_run(text: str) -> None:
    assert not is_run_id(text)


def test_five_statuses_are_final() -> None:
    final = {status.value for status in Status if status.is_final}

    assert final == {"Success", "Failed", "Cancelled", "Rejected", "Expired"}


@pytest.mark.parametrize(("early", "due"), [(TICK, False), (timedelta(0), True), (-TICK, True)])
def test_a_run_is_due_at_its_time(early: timedelta, *, due: bool) -> None:
    assert a_live(retry_at=NOW).is_due(NOW - early) is due


@pytest.mark.parametrize(
    "hurry",
    [{"wish": WISH}, {"deadlines": Deadlines(start=NOW)}, {"deadlines": Deadlines(total=NOW)}],
)
def test_a_wish_or_a_passed_deadline_makes_it_due_at_once(hurry: dict[str, Any]) -> None:
    assert a_live(retry_at=NOW + HOUR, **hurry).is_due(NOW + TICK)


@pytest.mark.parametrize(("early", "due"), [(TICK, False), (timedelta(0), True)])
def test_a_claim_outranks_everything(early: timedelta, *, due: bool) -> None:
    live = a_live(wish=WISH, retry_at=NOW - HOUR, claimed_until=NOW)

    assert live.is_due(NOW - early) is due


@pytest.mark.parametrize("deadlines", [Deadlines(start=NOW), Deadlines(total=NOW)])
@pytest.mark.parametrize(("late", "end"), [(timedelta(0), None), (TICK, Status.EXPIRED)])
def test_a_run_without_a_job_expires_after_its_deadline(
    deadlines: Deadlines, late: timedelta, end: Status | None
) -> None:
    live = a_live(deadlines=deadlines)

    assert live.start_has_passed(NOW + late) is (end is not None)
    assert live.end_without_job(NOW + late) is end


def test_a_run_without_a_job_has_no_other_end() -> None:
    live = a_live(deadlines=Deadlines(run=SECOND), run_by=NOW)

    assert live.end_without_job(NOW + HOUR) is None


def test_a_wish_ends_a_run_without_a_job_even_after_its_deadline() -> None:
    live = a_live(wish=WISH, deadlines=Deadlines(start=NOW))

    assert live.end_without_job(NOW + HOUR) is Status.CANCELLED


@pytest.mark.parametrize(("late", "deadline"), [(timedelta(0), None), (TICK, "run")])
def test_the_run_deadline_passes(late: timedelta, deadline: str | None) -> None:
    live = a_live(state=State.SUBMITTED, run_by=NOW)

    assert live.overdue(NOW + late) == deadline


@pytest.mark.parametrize(("late", "deadline"), [(timedelta(0), None), (TICK, "total")])
def test_the_total_deadline_passes(late: timedelta, deadline: str | None) -> None:
    live = a_live(state=State.SUBMITTED, deadlines=Deadlines(start=NOW - HOUR, total=NOW))

    assert live.overdue(NOW + late) == deadline


def test_the_run_deadline_is_named_before_the_total_one() -> None:
    live = a_live(state=State.SUBMITTED, run_by=NOW, deadlines=Deadlines(total=NOW))

    assert live.overdue(NOW + TICK) == "run"


@pytest.mark.parametrize(
    "changes",
    [{"state": State.NEW}, {"state": State.SUBMITTING}, {"state": State.ENDED}, {"wish": WISH}],
)
def test_no_deadline_passes_where_no_job_is_or_its_end_is_wished(changes: dict[str, Any]) -> None:
    live = a_live(**{"state": State.SUBMITTED, "run_by": NOW, **changes})

    assert live.overdue(NOW + HOUR) is None


def test_the_run_deadline_counts_from_the_submission() -> None:
    live = a_live(deadlines=Deadlines(run=HOUR)).submitted(a_look(), NOW + MINUTE)

    assert live.run_by == NOW + MINUTE + HOUR


def test_without_a_run_deadline_a_job_may_run_for_ever() -> None:
    assert a_live().submitted(a_look(), NOW).run_by is None


@pytest.mark.parametrize(
    ("unchanged", "interval"),
    [
        (timedelta(0), timedelta(0)),
        (20 * SECOND, SECOND),
        (HOUR, 3 * MINUTE),
        (100 * MINUTE - 20 * SECOND, 5 * MINUTE - SECOND),
        (100 * MINUTE, 5 * MINUTE),
        (1000 * HOUR, 5 * MINUTE),
    ],
)
def test_a_job_is_looked_at_the_less_the_longer_it_is_unchanged(
    unchanged: timedelta, interval: timedelta
) -> None:
    assert a_live(changed_at=NOW).watch_interval(NOW + unchanged) == interval


@pytest.mark.parametrize(
    "trouble",
    [{"failing_since": NOW}, {"missing_since": NOW}, {"wish": WISH}, {"result_tries": 1}],
)
def test_a_job_in_trouble_is_looked_at_every_time(trouble: dict[str, Any]) -> None:
    assert a_live(**trouble).watch_interval(NOW + HOUR) == timedelta(0)


@pytest.mark.parametrize("delayed", [0, 1, 2, 3, 10])
def test_a_delay_is_told_after_ten_minutes_and_at_each_doubling(delayed: int) -> None:
    live = a_live(failing_since=NOW, delayed=delayed)
    moment = NOW + 10 * MINUTE * 2**delayed

    assert not live.delay_is_due(moment)
    assert live.delay_is_due(moment + TICK)


def test_nothing_is_delayed_while_nothing_fails() -> None:
    assert not a_live().delay_is_due(NOW + HOUR)


def test_a_delay_waits_for_room() -> None:
    full = a_live(failing_since=NOW, outbox=(an_item(),) * (OUTBOX_ROOM + 1))

    assert not full.delay_is_due(NOW + HOUR)


@pytest.mark.parametrize(("items", "room"), [(OUTBOX_ROOM, True), (OUTBOX_ROOM + 1, False)])
def test_an_outbox_holds_so_many_items(items: int, *, room: bool) -> None:
    assert a_live(outbox=(an_item(),) * items).has_room is room


@pytest.mark.parametrize(("more", "room"), [(0, True), (1, False)])
def test_an_outbox_holds_so_many_bytes(more: int, *, room: bool) -> None:
    outbox = (an_item(body=b"x" * (OUTBOX_ROOM_BYTES - 1)), an_item(body=b"x" * (1 + more)))

    assert a_live(outbox=outbox).has_room is room


def test_a_timeline_keeps_the_latest_entries() -> None:
    live = a_live()
    for seq in range(1, TIMELINE_ROOM + 3):
        live = live.telling(an_entry(seq), an_item(seq))

    assert len(live.timeline) == TIMELINE_ROOM
    assert (live.timeline[0].seq, live.timeline[-1].seq, live.seq) == (3, 102, 102)


def test_a_claim_is_ours_alone() -> None:
    live = a_live(claim=2, attempts=2).claimed(NOW + HOUR)

    assert (live.state, live.claimed_until, live.attempts) == (State.SUBMITTING, NOW + HOUR, 3)
    assert live.holds(3)
    assert not live.holds(2)


def test_a_claim_is_over_when_the_job_is_there() -> None:
    live = a_live().claimed(NOW + HOUR).submitted(a_look(), NOW)

    assert not live.holds(1)
    assert live.claimed_until is None


def test_a_failure_that_surely_had_no_effect_gives_the_claim_back() -> None:
    claimed = a_live().claimed(NOW + HOUR)

    released = claimed.postponed(PROBLEM, NOW, wait=MINUTE, release=True)
    kept = claimed.postponed(PROBLEM, NOW, wait=MINUTE, release=False)

    assert (released.claimed_until, released.retry_at) == (NOW, NOW + MINUTE)
    assert (kept.claimed_until, kept.retry_at) == (NOW + HOUR, NOW + MINUTE)


def test_a_failure_counts_from_the_first_one() -> None:
    live = a_live().failing(PROBLEM, NOW).failing(Problem("x", "y"), NOW + HOUR)

    assert (live.failing_since, live.last_error) == (NOW, Problem("x", "y"))


def test_a_service_that_answers_again_ends_the_delay() -> None:
    live = replace(a_live().failing(PROBLEM, NOW), delayed=3)

    assert live.recovered() == a_live()


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_waits_double_up_to_a_bound(jitter: float) -> None:
    waits = [backoff(attempts, jitter) for attempts in range(8)]

    longest = [5, 10, 20, 40, 80, 160, 300, 300]
    assert waits == [SECOND * seconds * (0.5 + jitter / 2) for seconds in longest]


def test_a_wait_is_bounded_after_any_number_of_attempts() -> None:
    assert backoff(10**9, 0.999) < BACKOFF_TO


def test_the_first_wish_stays() -> None:
    live = a_live().wished(WISH).wished(Wish("run", "too long", NOW + HOUR))

    assert live.wish == WISH


def test_a_submission_is_a_change_of_status() -> None:
    live = a_live(failing_since=NOW, delayed=1, last_error=PROBLEM)

    submitted = live.submitted(a_look(Status.RUNNING), NOW + MINUTE)

    assert submitted == a_live(
        state=State.SUBMITTED,
        status=Status.STARTING,
        previous_status=Status.ACCEPTED,
        native_status="Native",
        changed_at=NOW + MINUTE,
        submitted_at=NOW + MINUTE,
        job=a_look().job,
    )


def test_a_look_brings_the_job_and_its_beginning() -> None:
    live = a_live(missing_since=NOW, missing_at=NOW, failing_since=NOW)

    seen = live.seen(a_look(started_at=NOW + MINUTE, ended_at=NOW + HOUR))

    assert seen == a_live(job=a_look().job, started_at=NOW + MINUTE)


def test_the_first_beginning_stays() -> None:
    assert a_live(started_at=NOW).seen(a_look(started_at=NOW + HOUR)).started_at == NOW


def test_the_page_of_a_job_is_not_forgotten() -> None:
    live = a_live(job=a_look().job)

    seen = live.seen(a_look(job=Job("New name")))

    assert seen.job == Job("New name", monitor_url="https://ml.azure.com/x")


def test_the_end_is_when_the_service_says_or_else_now() -> None:
    said = a_live().seen(a_look(Status.SUCCESS, ended_at=NOW)).moved(Status.SUCCESS, NOW + HOUR)
    unsaid = a_live().seen(a_look(Status.SUCCESS)).moved(Status.SUCCESS, NOW + HOUR)

    assert (said.ended_at, said.state, said.changed_at) == (NOW, State.ENDED, NOW + HOUR)
    assert unsaid.ended_at == NOW + HOUR


def test_a_status_that_is_not_final_ends_nothing() -> None:
    moved = a_live(state=State.SUBMITTED).moved(Status.UNKNOWN, NOW, native_status="Paused")

    assert (moved.state, moved.native_status) == (State.SUBMITTED, "Paused")
    assert (moved.previous_status, moved.ended_at) == (Status.ACCEPTED, None)


def test_a_job_is_lost_after_ten_minutes_of_looks_in_vain() -> None:
    live = a_live()
    for minute in range(0, 11, 2):
        live = live.missing(NOW + minute * MINUTE)

    assert live.missing_since == NOW
    assert not live.is_lost(NOW + 10 * MINUTE - TICK)
    assert live.is_lost(NOW + 10 * MINUTE)


@pytest.mark.parametrize(("late", "since"), [(timedelta(0), NOW), (TICK, NOW + 2 * MINUTE + TICK)])
def test_a_gap_between_such_looks_begins_anew(late: timedelta, since: Any) -> None:
    live = a_live().missing(NOW).missing(NOW + 2 * MINUTE + late)

    assert live.missing_since == since


def test_a_job_that_was_never_missed_is_not_lost() -> None:
    assert not a_live().is_lost(NOW + HOUR)


def test_a_look_in_vain_is_an_answer_of_the_service() -> None:
    live = a_live(failing_since=NOW, last_error=PROBLEM).missing(NOW)

    assert (live.failing_since, live.last_error) == (None, None)


def test_what_is_told_stands_in_the_row_until_it_is_sent() -> None:
    live = a_live().telling(an_entry(1), an_item(1)).telling(an_entry(2), an_item(2))

    assert [item.id for item in live.outbox] == [an_item(1).id, an_item(2).id]
    assert live.without({an_item(1).id}).outbox == (an_item(2),)
    assert live.without({"another"}) == live


def test_the_final_event_is_kept() -> None:
    copy = an_item(9, body=b"copy")

    told = a_live().telling(an_entry(1, Status.REJECTED), an_item(1, body=b"end"), copy)

    assert told.final_event == b"end"
    assert told.outbox == (an_item(1, body=b"end"), copy)


def test_an_event_that_is_not_final_is_no_final_event() -> None:
    assert a_live().telling(an_entry(1), an_item(1)).final_event is None
