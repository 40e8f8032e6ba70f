"""Once a day, what nobody needs any more is forgotten."""

from shared.flows.cancel import cancel_request
from shared.flows.forget import forget
from shared.flows.submit import submit
from shared.runs import TOMBSTONE_FOR
from tests.unit.flows.given import DAY, RUN_ID, SECOND, World, a_message


def test_the_record_of_an_ended_run_is_kept_for_its_retention() -> None:
    world = World()
    submit(world.services, *a_message(template="lost"))
    world.later(90 * DAY)

    forget(world.services)

    assert world.record().final == "Rejected"


def test_the_record_of_an_ended_run_is_forgotten_after_its_retention() -> None:
    world = World()
    submit(world.services, *a_message(template="lost"))
    world.later(90 * DAY + SECOND)

    forget(world.services)

    assert world.table.run(RUN_ID) is None


def test_the_record_of_a_live_run_is_kept_however_old() -> None:
    world = World()
    submit(world.services, *a_message())
    world.later(1000 * DAY)

    forget(world.services)

    assert world.record().id == RUN_ID


def test_a_void_wish_is_forgotten() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason=None)
    world.later(TOMBSTONE_FOR + SECOND)

    forget(world.services)

    assert world.table.run(RUN_ID) is None


def test_a_wish_is_kept_while_it_is_valid() -> None:
    world = World()
    cancel_request(world.services, "order-7", reason=None)
    world.later(TOMBSTONE_FOR)

    forget(world.services)

    assert world.table.run(RUN_ID) is not None
