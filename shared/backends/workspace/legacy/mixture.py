"""Which of the two forms a job is in, and what in it belongs to the other."""

from collections.abc import Iterator

from shared.backends.sections import section
from shared.backends.workspace.legacy.form import MODELS, NEW, OLD, program, word
from shared.errors import Fault
from shared.messages.reading import pointer
from shared.ports import Json

ONLY_OLD = (
    "inputDataBindings",
    "outputDataBindings",
    "timeout",
    "priority",
    "algorithm",
    "maxTotalTrials",
    "maxConcurrentTrials",
)
ONLY_OLD_IN_TRIAL = ("inputDataBindings", "outputDataBindings", "timeout")
# Fields of today's form, and where the older one has the same.
MOVED = {
    "command": {
        "computeId": "compute.target",
        "inputs": "inputDataBindings",
        "limits": "timeout",
        "outputs": "outputDataBindings",
        "resources": "compute.instanceCount and compute.instanceType",
    },
    "sweep": {
        "computeId": "compute.target",
        "inputs": "trial.inputDataBindings",
        "limits": "timeout, maxTotalTrials and maxConcurrentTrials",
        "outputs": "trial.outputDataBindings",
        "samplingAlgorithm": "algorithm",
    },
}
ONLY_NEW = ("componentId", "isArchived", "notificationSetting", "services")
# What the older form lacks and a request can say beside its job.
OF_REQUEST = {"displayName": "displayName", "queueSettings": "attributes.queueSettings"}


def sign(job: Json) -> str | None:
    """The first thing that only the older form has."""
    return next(_signs(job), None)


def faults(job: Json, *, at: str) -> Iterator[Fault]:
    """What of today's form stands in a job of the older one."""
    found, because = f"a field of {NEW}", f"as {sign(job) or 'the rest'} is of {OLD}"
    for name in job:
        expected = _counterpart(job, name)
        if expected:
            yield Fault(f"{at}/{name}", found, f"{expected}, {because}")
    if job.get("compute") is None and "computeId" not in job:
        yield Fault(f"{at}/compute", "nothing", f"required, {because}")
    part, place = program(job, at)
    if "resources" in part and part is not job:
        yield Fault(f"{place}/resources", found, f"{MOVED['command']['resources']}, {because}")
    if "processCountPerInstance" in section(part, "distribution") and _is_torch(part):
        expected = f"processCount, the processes on all instances, {because}"
        yield Fault(f"{place}/distribution/processCountPerInstance", found, expected)


def replaced(job: Json, *, at: str) -> Iterator[str]:
    """The paths of what is not there because its counterpart is."""
    for name, counterpart in MOVED[word(job)].items():
        if name in job:
            yield pointer(at, counterpart.split(".")[0])


def _signs(job: Json) -> Iterator[str]:
    if word(job) not in MODELS:
        return
    if isinstance(job.get("compute"), dict):
        yield "compute"
    yield from (name for name in ONLY_OLD if name in job)
    trial = section(job, "trial")
    yield from (f"trial.{name}" for name in ONLY_OLD_IN_TRIAL if name in trial)
    for part in (job, trial):
        if "processCount" in section(part, "distribution"):
            yield "distribution.processCount"


def _counterpart(job: Json, name: str) -> str | None:
    """What the older form has for a field of today's; None for a field that is not."""
    if name in OF_REQUEST:
        return f"{OF_REQUEST[name]} of the request, beside the job"
    return "nothing" if name in ONLY_NEW else MOVED[word(job)].get(name)


def _is_torch(part: Json) -> bool:
    return str(section(part, "distribution").get("distributionType")).casefold() == "pytorch"
