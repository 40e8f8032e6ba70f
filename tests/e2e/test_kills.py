"""The app is killed (SIGKILL) between any two effects of a run, and comes back.

Nothing is lost, nothing happens twice. Each effect is held up before (or after) it happens; while
it waits the app is killed, and then started again.
"""

from typing import Any

import pytest

from tests.e2e.stage import Stage, types
from tests.local.waiting import until

HELD = 60.0  # seconds: long enough for the kill to come first

# What a run of the template `sleep` causes, in order: service, operation, which one of these,
# before or after.
EFFECTS = {
    "the record is inserted": ("tables", "transaction", 1, "before"),
    "the row is claimed": ("tables", "update", 1, "before"),
    "the template is read": ("workspace", "get", 1, "before"),
    "the job is created": ("workspace", "create", 1, "before"),
    "the job's creation is answered": ("workspace", "create", 1, "after"),
    "the job is recorded": ("tables", "update", 2, "before"),
    "its record is answered": ("tables", "update", 2, "after"),
    "the first events are sent": ("bus", "send", 1, "before"),
    "they leave the outbox": ("tables", "transaction", 2, "before"),
    "the message is completed": ("bus", "settle", 1, "before"),
    "its running is recorded": ("tables", "update", 3, "before"),
    "its running is told": ("bus", "send", 2, "before"),
    "that leaves the outbox": ("tables", "transaction", 3, "before"),
    "its end is recorded": ("tables", "update", 4, "before"),
    "its end is told": ("bus", "send", 3, "before"),
    "the end leaves the outbox": ("tables", "transaction", 4, "before"),
    "the run is finished": ("tables", "transaction", 5, "before"),
    "its finish is answered": ("tables", "transaction", 5, "after"),
}


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_run_survives_the_death_of_the_app_when(effect: str, stage: Stage) -> None:
    request = stage.a_request("sleep")
    _hold(stage, *EFFECTS[effect])
    stage.twin.send(request)
    _wake_in_time(stage, request, effect)
    until(lambda: _is_held(stage, EFFECTS[effect][0]) or None, f"{effect}: held")

    stage.twin.kill_app()
    stage.twin.clear_faults()
    stage.twin.start_app()
    stage.wake(request)
    events = stage.events(request, within=90.0)

    stage.until_recorded(request)
    stage.assert_whole(stage.events(request))
    stage.assert_one_job(request)
    assert types(events)[-1] == "completed"


def _hold(stage: Stage, service: str, operation: str, count: int, when: str) -> None:
    """Hold up the count-th operation of a service; the ones before it pass."""
    name = {"send": stage.twin.info["topic"], "settle": stage.twin.info["queue"]}.get(operation)
    if count > 1:
        stage.twin.fault(
            service, "latency", operation=operation, name=name, seconds=0.0, times=count - 1
        )
    fault: dict[str, Any] = (
        {"seconds": HELD} if service == "bus" else {"seconds": HELD, "when": when}
    )
    stage.twin.fault(service, "latency", operation=operation, name=name, **fault)


def _wake_in_time(stage: Stage, request: dict[str, object], effect: str) -> None:
    """Let the job end once it was seen running, when the effect comes after that."""
    names = list(EFFECTS)
    if names.index(effect) >= names.index("its end is recorded"):
        stage.is_running(request)
        stage.wake(request)


def _is_held(stage: Stage, service: str) -> bool:
    """Has the effect been reached?"""
    pending = stage.twin.control.get(f"/{service}/faults").json()["pending"]
    return bool(pending == 0)
