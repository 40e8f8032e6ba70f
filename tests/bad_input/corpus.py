"""The files of this folder: requests that are refused, and near misses that are not."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

FOLDER = Path(__file__).parent
TABLE = FOLDER / "expected.json"


class Expected(BaseModel):
    """What comes of a file: a line of `expected.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    reason: str = Field(description="The reason of the refusal.")
    paths: list[str] = Field(description="The places that are named, in any order.")
    right: str = Field(description="What would be right.")
    message_id: str | None = Field("message-1", description="The MessageId of its message.")
    schema_refuses: bool | None = Field(
        None, description="Whether the schema refuses it too; it cannot say all. None: no JSON."
    )


EXPECTED = TypeAdapter(dict[str, Expected]).validate_json(TABLE.read_bytes())
NEAR_MISSES = sorted(path.name for path in (FOLDER / "near_misses").iterdir())


def body_of(name: str) -> bytes:
    """A request that is refused."""
    return (FOLDER / name).read_bytes()


def near_miss(name: str) -> bytes:
    """A request that is just right."""
    return (FOLDER / "near_misses" / name).read_bytes()
