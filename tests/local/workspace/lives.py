"""Strange lives of jobs: what the service does rarely, on demand, by the tag `twin.life`.

=================  =============================================================================
`queued`           never gets a machine: Queued for ever, until it is cancelled
`evicted`          loses its machine once: Running, Queued, Running again from the start, as on
                   low-priority machines
`vanishing`        cannot be found by GET or in lists once it has been Running for a phase
`not_responding`   sends no heartbeat for a while: Running, NotResponding, Running, and its end
`cancel_ignored`   takes the first two cancels with 202 and does nothing; the third works
`finalizing`       stays Finalizing, when it can no longer be cancelled, for the time of ten phases
`failing`          fails by itself once it has been Running for a phase, whatever its work
`late`             cannot be seen, by GET or in lists, for the time of ten phases after its PUT
=================  =============================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.local.workspace.refusals import bad_request

TAG = "twin.life"


@dataclass(frozen=True)
class Life:
    """How a job departs from the usual walk; the plain object is the usual walk."""

    stays_queued: bool = False
    evictions: int = 0
    vanishes: bool = False
    stops_responding: bool = False
    ignored_cancels: int = 0
    finalizing_phases: int = 1
    hidden_phases: int = 0
    fails: bool = False


LIVES = {
    "queued": Life(stays_queued=True),
    "evicted": Life(evictions=1),
    "vanishing": Life(vanishes=True),
    "not_responding": Life(stops_responding=True),
    "cancel_ignored": Life(ignored_cancels=2),
    "finalizing": Life(finalizing_phases=10),
    "failing": Life(fails=True),
    "late": Life(hidden_phases=10),
}


def life_of(tags: Mapping[str, str]) -> Life:
    """Give the life that tags ask for; refuse one that does not exist."""
    name = tags.get(TAG)
    if name is None:
        return Life()
    if name not in LIVES:
        raise bad_request(
            f"tag {TAG} is one of {', '.join(sorted(LIVES))}, not {name!r}", "ArgumentInvalid"
        )
    return LIVES[name]
