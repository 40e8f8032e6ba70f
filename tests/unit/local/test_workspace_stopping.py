"""Which trials are stopped early."""

from typing import Any

from tests.local.workspace.stopping import is_hopeless


def bandit(**properties: Any) -> dict[str, Any]:
    return {
        "policyType": "Bandit",
        "slackFactor": 0.0,
        "slackAmount": 0.0,
        "evaluationInterval": 0,
        "delayEvaluation": 0,
        **properties,
    }


def other(kind: str, **properties: Any) -> dict[str, Any]:
    return {"policyType": kind, "evaluationInterval": 1, "delayEvaluation": 0, **properties}


def test_the_bandit_takes_a_ratio_of_the_best() -> None:
    policy = bandit(slackFactor=0.2)

    assert is_hopeless(policy, "Maximize", [0.66], [[0.8]])
    assert not is_hopeless(policy, "Maximize", [0.67], [[0.8]])
    assert is_hopeless(policy, "Minimize", [0.97], [[0.8]])
    assert not is_hopeless(policy, "Minimize", [0.95], [[0.8]])


def test_the_bandit_takes_an_amount_from_the_best() -> None:
    policy = bandit(slackAmount=0.2)

    assert is_hopeless(policy, "Maximize", [0.59], [[0.8]])
    assert not is_hopeless(policy, "Maximize", [0.61], [[0.8]])
    assert is_hopeless(policy, "Minimize", [1.01], [[0.8]])
    assert not is_hopeless(policy, "Minimize", [0.99], [[0.8]])


def test_the_bandit_never_stops_the_best() -> None:
    policy = bandit(slackFactor=0.2)

    assert not is_hopeless(policy, "Maximize", [-0.8], [[-0.9]])
    assert not is_hopeless(policy, "Minimize", [-0.9], [[-0.8]])
    assert not is_hopeless(policy, "Maximize", [-0.8], [])


def test_the_best_that_a_trial_has_logged_counts() -> None:
    assert not is_hopeless(bandit(slackAmount=0.1), "Maximize", [0.8, 0.1], [[0.8, 0.8]])


def test_a_trial_is_compared_with_what_others_had_when_they_were_as_far() -> None:
    policy = bandit(slackAmount=0.1)

    assert not is_hopeless(policy, "Maximize", [0.5], [[0.5, 0.9, 0.95]])
    assert not is_hopeless(policy, "Maximize", [0.1, 0.1], [[0.9]])


def test_a_trial_is_judged_at_the_intervals_that_are_due_alone() -> None:
    policy = bandit(slackAmount=0.1, evaluationInterval=2, delayEvaluation=3)
    leader = [0.9] * 6

    judged = [
        count for count in range(1, 7) if is_hopeless(policy, "Maximize", [0.1] * count, [leader])
    ]

    assert judged == [4, 6]


def test_median_stopping_compares_the_best_with_the_median_of_averages() -> None:
    policy = other("MedianStopping")
    others = [[0.2, 0.4], [0.6, 0.8], [0.8, 1.0]]

    # The averages of the others are 0.3, 0.7 and 0.9, and there is that of the trial itself.
    assert is_hopeless(policy, "Maximize", [0.1, 0.45], others)
    assert not is_hopeless(policy, "Maximize", [0.1, 0.6], others)
    assert is_hopeless(policy, "Minimize", [0.95, 0.9], others)
    assert not is_hopeless(policy, "Minimize", [0.9, 0.5], others)


def test_truncation_stops_so_many_percent() -> None:
    policy = other("TruncationSelection", truncationPercentage=40)
    others = [[0.2], [0.3], [0.4], [0.5]]

    assert is_hopeless(policy, "Maximize", [0.1], others)
    assert is_hopeless(policy, "Maximize", [0.25], others)
    assert not is_hopeless(policy, "Maximize", [0.35], others)
    assert is_hopeless(policy, "Minimize", [0.6], others)


def test_truncation_stops_no_part_of_a_trial() -> None:
    policy = other("TruncationSelection", truncationPercentage=40)

    assert not is_hopeless(policy, "Maximize", [0.1], [[0.2]])
