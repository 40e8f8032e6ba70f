"""How a body is checked, and how one model speaks two spellings.

`training_jobs` has snake_case and lower-case words, `jobs` camelCase and words such as
`ReadOnlyMount`. Inside, everything is spelt as in `training_jobs`. Unknown properties are refused,
so that a misspelt one cannot pass unseen; unknown words only where they decide the shape.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializationInfo,
    ValidationError,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel

from tests.local.foundry.refusals import bad_request
from tests.local.workspace.schema import seconds

Json = dict[str, Any]
LONGEST_MESSAGE = 3000
LARGEST_INT32 = 2**31 - 1


class Surface(StrEnum):
    """The contracts that the project serves."""

    TRAINING_JOBS = "training_jobs"
    JOBS = "jobs"

    @property
    def is_camel(self) -> bool:
        """Whether its names are in camelCase."""
        return self is Surface.JOBS


class Body(BaseModel):
    """An object of the wire: strict types, nothing unknown."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


Checked = TypeVar("Checked", bound=Body)


class Words:
    """The words of one enumeration, and how each contract spells them."""

    def __init__(
        self, *known: str, is_open: bool = True, camel: Mapping[str, str] | None = None
    ) -> None:
        """Keep the words; `camel` has those whose other spelling does not follow the rule."""
        self._known = known
        self._is_open = is_open
        self._camel = {word: _pascal(word) for word in known} | dict(camel or {})
        self._plain = {spelt.lower(): word for word, spelt in self._camel.items()}

    def read(self, value: Any, info: ValidationInfo) -> Any:
        """Give the word as it is spelt inside; `jobs` takes it in any case, as Azure ML does."""
        if not isinstance(value, str):
            return value
        word = self._plain.get(value.lower(), value) if surface_of(info).is_camel else value
        if not self._is_open and word not in self._known:
            raise ValueError(f"{value!r} is none of {', '.join(self._all(info))}")
        return word

    def write(self, value: str, info: SerializationInfo) -> str:
        """Give the word as a contract spells it."""
        return self.spelt(value, surface_of(info))

    def spelt(self, word: str, surface: Surface) -> str:
        """Give a word as a contract spells it; one that is not known stays as it is."""
        return self._camel.get(word, word) if surface.is_camel else word

    def _all(self, info: ValidationInfo) -> tuple[str, ...]:
        return tuple(self._camel.values()) if surface_of(info).is_camel else self._known


def surface_of(info: ValidationInfo | SerializationInfo) -> Surface:
    """Give the contract in whose spelling something is read or written."""
    return Surface((info.context or {}).get("surface", Surface.TRAINING_JOBS))


def only(surface: Surface) -> BeforeValidator:
    """Let a property be sent on one contract alone."""

    def known(value: Any, info: ValidationInfo) -> Any:
        if surface_of(info) is not surface:
            raise ValueError(f"is no part of {surface_of(info)}")
        return value

    return BeforeValidator(known)


def kind(name: str) -> Discriminator:
    """Choose the member of a union by the word under a name; the tag of `mpi` is `<mpi>`."""

    def chosen(value: Any) -> str | None:
        if not isinstance(value, dict):
            return f"<{getattr(value, name)}>" if hasattr(value, name) else None
        found = value.get(name, value.get(to_camel(name)))
        return f"<{found.lower()}>" if isinstance(found, str) else None

    return Discriminator(
        chosen, custom_error_type="kind", custom_error_message=f"needs a {name} that exists"
    )


def read(model: type[Checked], sent: Json, surface: Surface, *, at: str = "") -> Checked:
    """Read an object that was sent on a contract; refuse it with the path of each fault."""
    is_camel = surface.is_camel
    try:
        return model.model_validate(
            sent, context={"surface": surface}, by_alias=is_camel, by_name=not is_camel
        )
    except ValidationError as exc:
        faults = [f"{_path(at, fault['loc'])}: {fault['msg']}" for fault in exc.errors()]
        raise bad_request("; ".join(faults)[:LONGEST_MESSAGE], *faults) from None


def write(body: Body, surface: Surface, *, without: frozenset[str] = frozenset()) -> Json:
    """Write an object as a contract spells it, without what is not set."""
    return body.model_dump(
        by_alias=surface.is_camel,
        exclude_none=True,
        exclude=set(without),
        context={"surface": surface},
    )


def _pascal(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))


def _path(at: str, location: tuple[int | str, ...]) -> str:
    """Write where a fault is, without the tags that say which member of a union was tried."""
    steps = (str(step) for step in location)
    return ".".join(filter(None, [at, *(step for step in steps if not step.startswith("<"))]))


def _duration(text: str) -> str:
    seconds(text)
    return text


Duration = Annotated[str, AfterValidator(_duration)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Int32 = Annotated[int, Field(ge=-LARGEST_INT32 - 1, le=LARGEST_INT32)]
Count = Annotated[int, Field(ge=1, le=LARGEST_INT32)]
Amount = Annotated[int, Field(ge=0, le=LARGEST_INT32)]
Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_][a-zA-Z0-9_.\-]*$", max_length=255)]
