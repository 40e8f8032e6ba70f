"""What a request may override of a training job, by `attributes`."""

from typing import Annotated

from pydantic import Field

from shared.backends.fields import Count, Text, Variables, WholeSeconds
from shared.backends.foundry.wire import ComputeId, Free
from shared.backends.sections import filled, present, section
from shared.messages.fields import Sent
from shared.ports import Json


class TrainingQueue(Sent):
    """How urgent the job is."""

    job_tier: Text | None = Field(None, description="The tier that the job queues in.")


class TrainingAttributes(Sent):
    """What a request may override of a training job."""

    compute: ComputeId | None = Field(None, description="Name of a compute, or its id.")
    environment: Text | None = Field(None, description="Image or environment.")
    command: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="What to run, with ${{inputs.x}} and ${{outputs.x}}."
    )
    instance_count: Count | None = Field(None, description="On how many machines.")
    instance_type: Text | None = Field(
        None, description="On which machines, where the compute has a choice."
    )
    environment_variables: Variables | None = Field(None, description="Laid over the template's.")
    timeout: WholeSeconds | None = Field(
        None, description="How long the job may run; the service cancels it then."
    )
    queue_settings: TrainingQueue | None = Field(None, description="How urgent it is.")
    hyperparameters: Free | None = Field(None, description="Laid over those of the recipe.")

    def laid_over(self, job: Json) -> Json:
        """The job under what a request overrides."""
        given = {
            "command": self.command,
            "compute_id": self.compute,
            "environment_image_reference": self.environment,
        }
        parts = {
            "environment_variables": self.environment_variables or {},
            "limits": self._limits,
            "queue_settings": present({"job_tier": self._job_tier}),
            "resources": present(
                {"instance_count": self.instance_count, "instance_type": self.instance_type}
            ),
        }
        return {
            **job,
            **present(given),
            **{name: {**section(job, name), **part} for name, part in parts.items()},
            "training": self._recipe(section(job, "training")),
        }

    @property
    def _job_tier(self) -> str | None:
        return None if self.queue_settings is None else self.queue_settings.job_tier

    @property
    def _limits(self) -> Json:
        if self.timeout is None:
            return {}
        timeout = f"PT{int(self.timeout.total_seconds())}S"
        return {"job_limits_type": "command", "timeout": timeout}

    def _recipe(self, recipe: Json) -> Json:
        given = {**section(recipe, "hyperparameters"), **(self.hyperparameters or {})}
        return {**recipe, **filled({"hyperparameters": given})}
