"""What a training job must be as a whole, with what a request lays over it.

Read without trust: what is wrong in form is told elsewhere.
"""

from collections.abc import Iterator

from shared.backends.foundry import placeholders
from shared.backends.foundry.data import RESERVED
from shared.backends.foundry.profiles import PROFILES, Profile
from shared.backends.sections import section
from shared.errors import Fault
from shared.messages import Request
from shared.messages.reading import kind, pointer
from shared.ports import Json

# What a job cannot be without, by the attribute that says it, too.
OF_COMMAND = {"command": "command", "environment_image_reference": "environment"}
OF_ANY = {"compute_id": "compute"}
OF_TEMPLATE = "required, as the template has none"
DEEPEST = 5


def faults(job: Json, request: Request, profile: Profile, *, at: str) -> Iterator[Fault]:
    """What is wrong with the job under the request."""
    yield from _of_profile(job, profile, at)
    yield from _missing(job, request, OF_ANY, at, "required")
    if job.get("training") is None:
        yield from _missing(job, request, OF_COMMAND, at, "required where there is no training")
        yield from _without_recipe(request)
    else:
        yield from _beside_recipe(job, request, at)
        yield from _too_deep(section(job, "training").get("reward"), f"{at}/training/reward")
    yield from _of_command(job, request, at)


def _of_profile(job: Json, profile: Profile, at: str) -> Iterator[Fault]:
    """What only the other contract has."""
    for name in sorted(profile.lacks):
        if job.get(name) is not None:
            others = [other.name for other in PROFILES.values() if name not in other.lacks]
            expected = (
                f"nothing: profile {profile.name} has no such field. An operator may set `profile` "
                f"of the target to {' or '.join(others)}"
            )
            yield Fault(f"{at}/{name}", kind(job[name]), expected)


def _missing(
    job: Json, request: Request, required: dict[str, str], at: str, expected: str
) -> Iterator[Fault]:
    for name, attribute in required.items():
        if job.get(name) in (None, "") and request.attributes.get(attribute) is None:
            is_inline = request.job is not None
            here = f"{at}/{name}" if is_inline else f"/attributes/{attribute}"
            yield Fault(here, "nothing", expected if is_inline else OF_TEMPLATE)


def _without_recipe(request: Request) -> Iterator[Fault]:
    given = request.attributes.get("hyperparameters")
    if given is not None:
        expected = "nothing: only a job with training has hyperparameters"
        yield Fault("/attributes/hyperparameters", kind(given), expected)


def _beside_recipe(job: Json, request: Request, at: str) -> Iterator[Fault]:
    given = {f"{at}/command": job.get("command"), "/attributes/command": _override(request)}
    for here, command in given.items():
        if command is not None:
            yield Fault(here, kind(command), "nothing beside training, which becomes a command")


def _too_deep(reward: object, at: str, level: int = 1) -> Iterator[Fault]:
    """The rewards that nest too deep."""
    if level > DEEPEST:
        yield Fault(at, "deeper nesting", f"rewards nested at most {DEEPEST} deep")
        return
    parts = reward.get("rewards") if isinstance(reward, dict) else None
    for index, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, dict):
            yield from _too_deep(part.get("reward"), f"{at}/rewards/{index}/reward", level + 1)


def _of_command(job: Json, request: Request, at: str) -> Iterator[Fault]:
    """What is wrong with the placeholders of the command."""
    override = _override(request)
    command = job.get("command") if override is None else override
    if not isinstance(command, str):
        return
    is_brought = override is not None or request.job is not None
    if is_brought and placeholders.has_single_braces(command):
        here = f"{at}/command" if override is None else "/attributes/command"
        yield Fault(here, "a placeholder in single braces", "two of them and $: ${{inputs.x}}")
    defined = {
        "inputs": {*section(job, "inputs"), *request.given_inputs},
        "outputs": {*section(job, "outputs"), *request.given_outputs, RESERVED},
    }
    for part, name in placeholders.undefined(command, defined):
        yield Fault(pointer(f"/{part}", name), "nothing", "required, as the command uses it")


def _override(request: Request) -> object:
    return request.attributes.get("command")
