"""Does everything answer that the app needs?"""

from shared.errors import UnavailableError
from shared.flows.health import health
from tests.unit.flows.given import World

SECRET = "AccountKey=c2VjcmV0"


def test_what_answers_is_ok() -> None:
    world = World()
    world.target("other")

    states = health(world.services)

    assert states == {"table": "ok", "bus": "ok", "target demo": "ok", "target other": "ok"}


def test_what_does_not_answer_is_named_with_a_code() -> None:
    world = World()
    other = world.target("other")
    other.breaks("ping", UnavailableError("no token", code="CredentialUnavailableError"))

    states = health(world.services)

    assert states["target other"] == "CredentialUnavailableError"
    assert states["target demo"] == "ok"


def test_each_dependency_is_asked_whatever_the_others_say() -> None:
    world = World()
    world.table.failing = {"ping"}
    world.bus.failing = "before"
    world.jobs.breaks("ping", UnavailableError("away", code="Http503"))

    states = health(world.services)

    assert states == {"table": "NoTable", "bus": "Unavailable", "target demo": "Http503"}


def test_no_text_of_a_failure_is_told() -> None:
    world = World()
    world.jobs.breaks("ping", UnavailableError(f"refused with {SECRET}", code="Http401"))

    states = health(world.services)

    assert SECRET not in str(states)


def test_a_target_that_runs_nothing_is_not_asked() -> None:
    world = World()
    world.idle_target("idle")

    states = health(world.services)

    assert set(states) == {"table", "bus", "target demo"}
