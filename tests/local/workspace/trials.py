"""The trials of a sweep: Command jobs named `{sweep}_{number}`, so many at a time.

A trial carries its hyperparameters as the service's own trials do, as JSON in the tag
`hyperparameters` (https://github.com/microsoft/hi-ml, `hi-ml-azure/src/health_azure/utils.py`), and
in the variables `AZUREML_SWEEP_…`
(https://learn.microsoft.com/python/api/azure-ai-ml/azure.ai.ml.sweep.sweepjob).

The best is that with the best value it has ever logged
(https://learn.microsoft.com/python/api/azureml-train-core/azureml.train.hyperdrive.hyperdriverun).
Where no trial has logged the primary metric there is no best, and no failure either
(https://github.com/MicrosoftLearning/mslearn-azure-ml/pull/51).
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from tests.local.workspace import stopping
from tests.local.workspace.bindings import as_text
from tests.local.workspace.children import Children
from tests.local.workspace.command import CommandJob
from tests.local.workspace.sampling import samples
from tests.local.workspace.schema import Json, read
from tests.local.workspace.state import Failure, Job

MOST_TRIALS = 1000
# As many as the nodes of the compute: the documentation calls the number gated by them.
AT_ONCE = 8
TAG = "hyperparameters"
TAKEN_OVER = ("experimentName", "computeId", "identity", "inputs", "queueSettings")
LONGEST_MESSAGE = 3000  # learn.microsoft.com/azure/machine-learning/resource-limits-capacity


@dataclass(frozen=True)
class Trials:
    """The trials of one sweep, from its start to its end."""

    sweep: Job
    children: Children

    async def run(self) -> None:
        """Run all trials to their ends, never more at once than allowed."""
        at_once = self._limits.get("maxConcurrentTrials", AT_ONCE)
        running: set[asyncio.Task[Job]] = set()
        for number, values in enumerate(self._samples()):
            if len(running) == at_once:
                _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            trial = self._started(number, values)
            running.add(asyncio.create_task(self.children.ended(trial)))
        await asyncio.wait(running)

    def conclude(self) -> Failure | None:
        """Write down which trial was the best; say so when none has completed."""
        completed = [trial for trial in self.children.all() if trial.status == "Completed"]
        if not completed:
            return self._failure()
        scores = {trial.name: self._best(trial) for trial in completed if self._values(trial)}
        if scores:
            score = stopping.best(self._goal, list(scores.values()))
            best = next(name for name, value in scores.items() if value == score)
            self.sweep.added.update(
                best_child_run_id=best, score=str(score), best_metric_status="Succeeded"
            )
        return None

    @property
    def _limits(self) -> Json:
        limits: Json = self.sweep.definition["limits"]
        return limits

    @property
    def _goal(self) -> str:
        return str(self.sweep.definition["objective"]["goal"])

    def _samples(self) -> Iterator[Json]:
        definition = self.sweep.definition
        drawn = samples(definition["searchSpace"], definition["samplingAlgorithm"])
        return islice(drawn, self._limits.get("maxTotalTrials", MOST_TRIALS))

    def _started(self, number: int, values: Json) -> Job:
        name = f"{self.sweep.name}_{number}"
        trial = self.children.start(name, trial_of(self.sweep.definition, name, values))
        trial.logged.watchers.append(lambda metric: self._judge(trial, metric))
        return trial

    def _judge(self, trial: Job, metric: str) -> None:
        """Stop a trial that has just logged the primary metric, if it is hopeless."""
        policy = self.sweep.definition.get("earlyTermination")
        if policy is None or metric != self.sweep.definition["objective"]["primaryMetric"]:
            return
        others = [self._values(other) for other in self.children.all() if other is not trial]
        own = self._values(trial)
        if own and stopping.is_hopeless(policy, self._goal, own, others):
            self.children.cancel(trial)

    def _values(self, trial: Job) -> list[float]:
        return trial.logged.values(self.sweep.definition["objective"]["primaryMetric"])

    def _best(self, trial: Job) -> float:
        return stopping.best(self._goal, self._values(trial))

    def _failure(self) -> Failure:
        failed = [(trial, trial.failure) for trial in self.children.all() if trial.failure]
        if not failed:
            return Failure("UserError", "No trial has completed: all were cancelled.")
        trial, failure = failed[0]
        text = f"No trial has completed. The first that failed is {trial.name}: {failure.message}"
        return Failure(failure.code, text[:LONGEST_MESSAGE])


def trial_of(sweep: Json, name: str, values: Json) -> Json:
    """Give the definition of a trial."""
    variables = {f"AZUREML_SWEEP_{key}": as_text(value) for key, value in values.items()}
    limits = {"jobLimitsType": "Command", "timeout": sweep["limits"].get("trialTimeout")}
    properties = {
        **{key: sweep[key] for key in TAKEN_OVER if key in sweep},
        **sweep["trial"],
        "jobType": "Command",
        "environmentVariables": {**variables, **sweep["trial"]["environmentVariables"]},
        "outputs": {key: _own(output, name) for key, output in sweep["outputs"].items()},
        "limits": limits,
    }
    definition = read(CommandJob, properties, api_version="")
    return {**definition, "parameters": values, "tags": {TAG: json.dumps(values)}}


def _own(output: Json, name: str) -> Json:
    """Give each trial a place of its own below the one that was sent."""
    return {**output, "uri": f"{output['uri'].rstrip('/')}/{name}"} if "uri" in output else output
