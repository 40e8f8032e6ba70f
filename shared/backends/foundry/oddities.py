"""What is odd about a training job, yet no reason to refuse it."""

from collections.abc import Iterator, Mapping

from shared.backends.foundry.words import NewWord
from shared.backends.sections import section
from shared.errors import Fault
from shared.messages.reading import pointer
from shared.ports import Json

BY_PREFERENCE = "prompt, chosen and rejected"
BY_REWARD = "prompt and reference"
# What each algorithm reads, by what the contract says of each column.
COLUMNS: Mapping[str, str] = {
    "sft": "messages, or prompt and response",
    "dpo": BY_PREFERENCE,
    "orpo": BY_PREFERENCE,
    "cpo": BY_PREFERENCE,
    "simpo": BY_PREFERENCE,
    "kto": "prompt, response and label",
    "reward_model": "chosen and rejected, or response and score",
    "grpo": BY_REWARD,
    "ppo": BY_REWARD,
    "rloo": BY_REWARD,
    "reinforce_pp": BY_REWARD,
}


def new_words(value: object, at: str) -> Iterator[Fault]:
    """The words that we do not know: they are sent as they are."""
    if isinstance(value, NewWord):
        expected = f"one of: {', '.join(value.known)}; it is sent as it is"
        yield Fault(at, "a word that is new to us", expected)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from new_words(each, pointer(at, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from new_words(each, pointer(at, index))


def columns(job: Json, at: str) -> Iterator[Fault]:
    """The columns that an algorithm does not read."""
    recipe = section(job, "training")
    fitting = COLUMNS.get(str(recipe.get("algorithm")))
    if fitting is None:
        return
    read = set(fitting.replace(",", "").split())
    for name in section(section(recipe, "dataset"), "columns"):
        if name not in read:
            here = f"{at}/training/dataset/columns/{name}"
            yield Fault(here, "a column", f"{fitting}: {recipe['algorithm']} reads no other")
