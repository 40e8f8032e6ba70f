"""A run that cannot be submitted yet is tried again."""

from datetime import timedelta

from shared.errors import UnavailableError
from shared.flows.submit import submit
from tests.unit.flows.given import HOUR, MINUTE, SECOND, World, a_message

THROTTLED = UnavailableError("PUT jobs: 429", code="TooManyRequests", clear=True)


def test_what_the_service_asks_to_wait_is_waited() -> None:
    world = World()
    world.jobs.breaks("create", UnavailableError("429", clear=True, retry_after=7 * MINUTE))

    submit(world.services, *a_message())

    assert world.live().retry_at == world.clock.now + 7 * MINUTE


def test_a_wait_shorter_than_our_own_does_not_shorten_it() -> None:
    world = World()
    world.jobs.breaks("create", UnavailableError("429", clear=True, retry_after=SECOND))

    submit(world.services, *a_message())

    assert world.live().retry_at == world.clock.now + 5 * SECOND


def test_a_run_is_not_tried_before_its_time() -> None:
    world = World()
    world.jobs.breaks("create", UnavailableError("429", clear=True, retry_after=7 * MINUTE))
    submit(world.services, *a_message())
    world.jobs.heals()

    world.poll_for(7 * MINUTE - 15 * SECOND)
    tried = world.jobs.count("create")
    world.poll_for(15 * SECOND)

    assert (tried, world.jobs.count("create")) == (1, 2)


def test_the_wait_grows_and_has_a_bound() -> None:
    world = World()
    world.jobs.breaks("create", THROTTLED)
    submit(world.services, *a_message())

    waits = [wait_of(world) for _ in range(9)]

    assert [wait.total_seconds() for wait in waits] == [5, 10, 20, 40, 80, 150, 150, 150, 150]


def wait_of(world: World) -> timedelta:
    """How long the row waits; then it is tried again."""
    wait = world.live().retry_at - world.clock.now
    world.later(wait)
    world.poll()
    return wait


def test_the_wait_is_spread() -> None:
    world = World(jitter=0.5)
    world.jobs.breaks("create", THROTTLED)

    submit(world.services, *a_message())

    assert world.live().retry_at == world.clock.now + timedelta(seconds=7.5)


def test_a_run_is_not_driven_before_it_may_start() -> None:
    world = World()
    submit(world.services, *a_message(notBefore="2030-01-01T10:00:00Z"))

    world.poll_for(HOUR - 15 * SECOND)

    assert world.told() == ["run.accepted"]
    assert world.jobs.asked == []


def test_a_run_is_driven_once_it_may_start() -> None:
    world = World()
    submit(world.services, *a_message(notBefore="2030-01-01T10:00:00Z"))

    world.poll_for(HOUR)

    assert world.told() == ["run.accepted", "run.submitted"]


def test_a_run_whose_target_has_left_the_settings_waits_for_its_return() -> None:
    world = World()
    world.jobs.breaks("create", THROTTLED)
    submit(world.services, *a_message())
    world.jobs.heals()
    demo = world.targets.pop("demo")
    world.poll_for(20 * MINUTE)
    while_gone = world.told()

    world.targets["demo"] = demo
    world.poll_for(5 * MINUTE)

    assert while_gone == ["run.accepted", "run.delayed"]
    assert world.data("run.delayed")["delay"]["error"]["code"] == "unknown_target"
    assert "TARGETS" in world.data("run.delayed")["delay"]["error"]["hint"]
    assert world.told() == [*while_gone, "run.submitted"]
