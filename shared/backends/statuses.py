"""How far a job is, in the words of the services."""

from collections.abc import Mapping

from shared.runs import Status

# Of Azure ML (learn.microsoft.com/rest/api/azureml/jobs/get, JobStatus) and of Foundry, whose
# training jobs, their attempts and its other jobs have three vocabularies. In lower case and
# without what some of them put between words. The lists are open: any other word is Unknown.
STATUSES: Mapping[str, Status] = {
    "notstarted": Status.STARTING,
    "queued": Status.STARTING,
    "preparing": Status.STARTING,
    "provisioning": Status.STARTING,
    "starting": Status.STARTING,
    "running": Status.RUNNING,
    "finalizing": Status.RUNNING,
    "inprogress": Status.RUNNING,
    "cancelrequested": Status.CANCELLING,
    "canceling": Status.CANCELLING,
    "cancelling": Status.CANCELLING,
    "completed": Status.SUCCESS,
    "succeeded": Status.SUCCESS,
    "failed": Status.FAILED,
    "canceled": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
}


def status(word: str) -> Status:
    """What a word means; an unknown one is Unknown, which is not final."""
    return STATUSES.get(word.replace("_", "").casefold(), Status.UNKNOWN)
