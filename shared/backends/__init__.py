"""The services that run jobs, each in a package of its own, and the kinds of jobs that they run."""

from collections.abc import Mapping

from shared.backends.workspace import FAMILIES, backends, resource_id
from shared.messages.fields import Sent
from shared.runs import JobType

__all__ = ["ATTRIBUTES", "FAMILIES", "backends", "resource_id"]

ATTRIBUTES: Mapping[JobType, type[Sent]] = {
    job_type: family.attributes for job_type, family in FAMILIES.items()
}
