"""Azure AI Foundry: the training jobs of a project, and who speaks for them."""

from dataclasses import replace

from shared.backends import hints
from shared.backends.foundry.jobs import TrainingJobs
from shared.backends.foundry.profiles import PROFILES, Profile
from shared.backends.foundry.training import TrainingBodies
from shared.backends.remote import Connection, Remote
from shared.ports import Backend
from shared.runs import JobType
from shared.targets import ProjectTarget

BELOW_HOST = "/api/"  # begins the path of a project


def backends(
    target: ProjectTarget, connection: Connection, *, app_name: str
) -> dict[JobType, Backend]:
    """Who speaks for training jobs in a project; where that is the target says, no one else."""
    host, _, path = target.endpoint.partition(BELOW_HOST)
    profile = _profile(target)
    own = replace(
        connection,
        endpoint=host,
        api_version=profile.api_version,
        headers=profile.headers,
        lacking=lambda _: hints.ROLE_OF_PROJECT,
    )
    bodies = TrainingBodies(
        profile=profile, app_name=app_name, compute_prefix=target.compute_prefix
    )
    remote = Remote(own, f"{BELOW_HOST}{path}")
    return {JobType.TRAINING: TrainingJobs(remote, bodies, clock=connection.clock)}


def _profile(target: ProjectTarget) -> Profile:
    """The contract of a target, with what its settings say otherwise."""
    profile = PROFILES[target.profile]
    return replace(
        profile,
        api_version=target.api_version or profile.api_version,
        feature=target.features or profile.feature,
    )
