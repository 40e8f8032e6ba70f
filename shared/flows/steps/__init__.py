"""The steps that the flows share. Each changes a run once, and may happen twice without harm.

The order of effects is what keeps the promises: a row is claimed before a job is created, an event
stands in the row before it is sent, a wish before the service is asked, and every write is
conditional on the row it was decided from.
"""

from shared.flows.steps.accepting import accept, is_repeat, refuse, understood
from shared.flows.steps.driving import drive, prepared
from shared.flows.steps.publishing import finish, publish, tell
from shared.flows.steps.reporting import measure, of_look, of_message, of_run
from shared.flows.steps.rows import ROUNDS, backend_of, ended
from shared.flows.steps.watching import ask_to_end, end_overdue, observed, troubled

__all__ = [
    "ROUNDS",
    "accept",
    "ask_to_end",
    "backend_of",
    "drive",
    "end_overdue",
    "ended",
    "finish",
    "is_repeat",
    "measure",
    "observed",
    "of_look",
    "of_message",
    "of_run",
    "prepared",
    "publish",
    "refuse",
    "tell",
    "troubled",
    "understood",
]
