"""Somebody asks how a run is."""

from shared import messages
from shared.errors import NotFoundError, UnavailableError
from shared.flows import steps
from shared.ports import Json, Services
from shared.runs import Run


def inspect(services: Services, run_id: str) -> Json:
    """What is known of a run: its status, its timeline, the data of its last event.

    NotFoundError if there is none.
    """
    for _ in range(steps.ROUNDS):
        live = services.store.live(run_id)
        found = services.store.run(run_id)
        if found is None or not isinstance(found.row, Run):
            raise NotFoundError(f"no run {run_id}")
        if live is not None or found.row.final is not None:
            return messages.view(found.row, None if live is None else live.row)
    raise UnavailableError(f"run:{run_id} keeps changing")
