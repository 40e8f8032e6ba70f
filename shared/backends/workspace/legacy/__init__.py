"""An inline job in the form of api-version 2021-03-01-preview, brought into that of 2024-10-01.

Nobody can send the older form any more, but definitions in it are still kept: see
learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2021-03-01-preview/workspaces/jobs.
"""

from collections.abc import Mapping
from typing import Any

from shared.backends.workspace.legacy import losses, mixture, rules, today
from shared.backends.workspace.legacy.form import MODELS, OLD, word
from shared.errors import Fault, RejectedError
from shared.messages import read
from shared.messages.reading import kind
from shared.ports import Json

AT = "/job"


def is_legacy(job: Mapping[str, Any]) -> bool:
    """Has the job anything that only the older form has?"""
    return mixture.sign(dict(job)) is not None


def upgraded(
    job: Mapping[str, Any], *, typed: Mapping[str, str]
) -> tuple[Json, list[Fault], list[Fault]]:
    """The job in today's form, what is wrong with it, and what was lost on the way.

    With faults there is no job. `typed`: the types of the inputs that the request gives itself.
    """
    old = dict(job)
    model = MODELS.get(word(old))
    if model is None:
        expected = f"Command or Sweep: {OLD} has no other"
        return {}, [Fault(f"{AT}/jobType", kind(old["jobType"]), expected)], []
    faults = [*mixture.faults(old, at=AT), *rules.faults(old, typed, at=AT)]
    try:
        said = read(model, old, at=AT).model_dump(mode="json", by_alias=True, exclude_none=True)
    except RejectedError as exc:
        told = {*(fault.path for fault in faults), *mixture.replaced(old, at=AT)}
        return {}, [*faults, *(fault for fault in exc.faults if fault.path not in told)], []
    if faults:
        return {}, faults, []
    return today.job(said, typed), [], list(losses.warnings(said, at=AT))
