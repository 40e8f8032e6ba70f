"""What today's form asks of a job that no field of the older one shows alone."""

from collections.abc import Iterator, Mapping

from shared.backends.sections import section
from shared.backends.workspace.legacy.form import OLD, program
from shared.errors import Fault
from shared.messages.reading import pointer
from shared.ports import Json

TYPES = ("jobInputType", "type")
MAX_COUNT = 1_000_000


def faults(job: Json, typed: Mapping[str, str], *, at: str) -> Iterator[Fault]:
    """What is missing today, and what cannot be counted as today."""
    part, place = program(job, at)
    is_there = part is job or isinstance(job.get("trial"), dict)
    if is_there and part.get("environmentId") is None:
        expected = f"required, though {OLD} could do without"
        yield Fault(f"{place}/environmentId", "nothing", expected)
    for name, binding in section(part, "inputDataBindings").items():
        if isinstance(binding, dict) and name not in typed and not _has_type(binding):
            expected = (
                f"required: the type of the data, like uri_file or uri_folder, which {OLD} "
                "did not say"
            )
            here = pointer(pointer(f"{place}/inputDataBindings", name), "jobInputType")
            yield Fault(here, "nothing", expected)
    yield from _faults_of_counts(part, section(job, "compute"), place)


def _faults_of_counts(part: Json, compute: Json, at: str) -> Iterator[Fault]:
    """Processes that do not divide by instances."""
    processes = section(part, "distribution").get("processCount")
    instances = compute.get("instanceCount", 1)
    if _is_count(processes) and _is_count(instances) and processes % instances:
        expected = (
            f"a multiple of compute.instanceCount, as each instance gets as many: {processes} "
            f"does not divide by {instances}"
        )
        yield Fault(f"{at}/distribution/processCount", "a number", expected)


def _has_type(binding: Json) -> bool:
    return any(binding.get(name) is not None for name in TYPES)


def _is_count(value: object) -> bool:
    return type(value) is int and 1 <= value <= MAX_COUNT
