"""What a user of azure-ai-ml does with a sweep; prints what was seen as one line of JSON.

Runs in a process of its own, as its sister does. What the client declares of sweeps is not what it
gives and takes, so its objects go without types here.
"""

import json
import sys
import time
from typing import Any

from azure.ai.ml import MLClient, command
from azure.ai.ml.sweep import BanditPolicy, Choice, LogUniform, RandomSamplingAlgorithm
from azure.identity import ManagedIdentityCredential

ENDED = {"Completed", "Failed", "Canceled"}
SCRIPT = "import mlflow; mlflow.log_metric(chr(120), ${{inputs.x}} + ${{inputs.rate}})"


def tell() -> dict[str, object]:
    """Let a sweep look for the larger of two numbers, and read it back."""
    client = MLClient(
        ManagedIdentityCredential(), "00000000-0000-0000-0000-000000000001", "twin", "demo"
    )
    created: Any = client.jobs.create_or_update(a_sweep())
    ended = until_ended(client, "swept")
    best = client.jobs.get(ended.properties["best_child_run_id"])
    return {
        "created": [created.name, created.status, created.compute, created.trial.command],
        "ended": ended.status,
        "objective": [ended.objective.goal, ended.objective.primary_metric],
        "sampling": [ended.sampling_algorithm.seed, ended.sampling_algorithm.logbase],
        "space": [
            ended.search_space["x"].values,
            [ended.search_space["rate"].min_value, ended.search_space["rate"].max_value],
        ],
        "policy": [ended.early_termination.slack_factor, ended.early_termination.delay_evaluation],
        "limits": [
            ended.limits.max_total_trials,
            ended.limits.max_concurrent_trials,
            ended.limits.timeout,
            ended.limits.trial_timeout,
        ],
        "best": [best.type, best.status, json.loads(best.tags["hyperparameters"])["x"]],
    }


def a_sweep() -> Any:
    """Build a sweep as the documentation of the client does."""
    trial: Any = command(
        command=f"python -c '{SCRIPT}'",
        inputs={"x": 0, "rate": 0.1},
        environment="azureml:sklearn:1",
        compute="cpu-cluster",
    )
    sweep = trial(x=Choice([1, 2]), rate=LogUniform(-6, -1)).sweep(
        primary_metric="x",
        goal="Maximize",
        sampling_algorithm=RandomSamplingAlgorithm(seed=1, rule="sobol", logbase="e"),
        early_termination_policy=BanditPolicy(slack_factor=0.1, delay_evaluation=5),
    )
    sweep.name, sweep.experiment_name = "swept", "stories"
    sweep.set_limits(max_total_trials=4, max_concurrent_trials=2, timeout=600, trial_timeout=60)
    return sweep


def until_ended(client: MLClient, name: str) -> Any:
    """Wait for a sweep to end."""
    deadline = time.monotonic() + 30
    while (job := client.jobs.get(name)).status not in ENDED:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is {job.status}")
        time.sleep(0.05)
    return job


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tell()))
