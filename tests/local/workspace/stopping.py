"""Which trials of a sweep are stopped early, because others do better.

The rules are those of
https://learn.microsoft.com/azure/machine-learning/how-to-tune-hyperparameters#early-termination:
each logging of the primary metric is one interval; a trial is judged when it reaches an interval
that is due, against the trials that have come as far, over or not.
"""

from collections.abc import Callable, Sequence
from statistics import fmean, median

from tests.local.workspace.schema import Json

Values = Sequence[float]


def best(goal: str, values: Values) -> float:
    """Give the best of some values."""
    return max(values) if goal == "Maximize" else min(values)


def is_better(goal: str, one: float, other: float) -> bool:
    """Tell whether one value is better than another."""
    return one > other if goal == "Maximize" else one < other


def is_hopeless(policy: Json, goal: str, own: Values, others: Sequence[Values]) -> bool:
    """Tell whether a trial that has just logged its last value is to be stopped."""
    interval = len(own)
    if not _is_due(policy, interval):
        return False
    peers = [values[:interval] for values in (own, *others) if len(values) >= interval]
    return _RULES[policy["policyType"]](policy, goal, own, peers)


def _is_due(policy: Json, interval: int) -> bool:
    # Without an interval, and with one of 0, every value counts.
    every: int = policy["evaluationInterval"] or 1
    delay: int = policy["delayEvaluation"]
    return interval % every == 0 and interval >= delay


def _bandit(policy: Json, goal: str, own: Values, peers: Sequence[Values]) -> bool:
    """Stop a trial that is further from the best than the slack allows: a factor, or an amount."""
    leader = best(goal, [best(goal, values) for values in peers])
    slack = policy["slackAmount"]
    if factor := policy["slackFactor"]:
        # Of the size of the best, so that a best below 0 does not stop itself.
        slack = abs(leader) * (factor / (1 + factor) if goal == "Maximize" else factor)
    bound = leader - slack if goal == "Maximize" else leader + slack
    return is_better(goal, bound, best(goal, own))


def _median_stopping(_: Json, goal: str, own: Values, peers: Sequence[Values]) -> bool:
    """Stop a trial whose best is worse than the median of the averages."""
    return is_better(goal, median(fmean(values) for values in peers), best(goal, own))


def _truncation_selection(policy: Json, goal: str, own: Values, peers: Sequence[Values]) -> bool:
    """Stop a trial that is among the worst of so many percent."""
    ours = best(goal, own)
    worse = sum(is_better(goal, ours, best(goal, values)) for values in peers)
    stopped: int = len(peers) * policy["truncationPercentage"] // 100
    return worse < stopped


_RULES: dict[str, Callable[[Json, str, Values, Sequence[Values]], bool]] = {
    "Bandit": _bandit,
    "MedianStopping": _median_stopping,
    "TruncationSelection": _truncation_selection,
}
