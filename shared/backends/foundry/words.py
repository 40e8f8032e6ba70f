"""The words of training jobs, and how each of two contracts spells them.

Most lists are open: a later version of the service may know more words than we do.
The words are those of `training_jobs`
(github.com/Azure/azure-rest-api-specs, specification/ai-foundry/data-plane/Foundry); `jobs` has
them as github.com/Azure/azure-dev writes them, cli/azd/extensions/azure.ai.training.
"""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.backends.fields import in_any_case

NONE: Mapping[str, str] = {}


class NewWord(str):
    """A word that we do not know, and the service perhaps does; `known` are those that we know."""

    __slots__ = ("known",)
    known: tuple[str, ...]

    @classmethod
    def of(cls, text: str, known: tuple[str, ...]) -> Self:
        """The word, beside those that we know."""
        word = cls(text)
        word.known = known
        return word


class Words:
    """An open list of words; as part of an annotation it marks those that are new to it."""

    def __init__(
        self, *known: str, camel: Mapping[str, str] = NONE, also: Mapping[str, str] = NONE
    ) -> None:
        """Keep the words.

        `camel`: those that `jobs` spells in its own way; `also`: other names that are met.
        """
        self.known = known
        self._camel = {word: camel.get(word, pascal(word)) for word in known}
        names = {**{word: word for word in known}, **{self._camel[word]: word for word in known}}
        self._read = {name.casefold(): word for name, word in {**names, **also}.items()}

    @property
    def new_ones(self) -> dict[str, Any]:
        """What the schemas say of a word that is none of these."""
        return {"not": {"pattern": in_any_case(self.known)}}

    def read(self, text: str) -> str:
        """The word in our spelling, whoever wrote it; a new one as it is."""
        return self._read.get(text.casefold(), text)

    def camel(self, word: str) -> str:
        """The word as `jobs` spells it; a new one as it is."""
        return self._camel.get(word, word)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._marked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Any word; the known ones as examples."""
        return {**handler(schema), "examples": list(self.known)}

    def _marked(self, text: str) -> str:
        word = self.read(text)
        return word if word in self.known else NewWord.of(text, self.known)


def pascal(word: str) -> str:
    """A word as `jobs` spells most."""
    return "".join(part.capitalize() for part in word.split("_"))


JOBS = Words("command")
# azd's extension writes the two short names.
MODES = Words(
    "read_only_mount",
    "read_write_mount",
    "download",
    "direct",
    "upload",
    also={"ro_mount": "read_only_mount", "rw_mount": "read_write_mount"},
)
ASSETS = Words("uri_file", "uri_folder", "safetensors_model")
DISTRIBUTIONS = Words(
    "pytorch",
    "mpi",
    "tensorflow",
    "ray",
    camel={"pytorch": "PyTorch", "tensorflow": "TensorFlow"},
)
LIMITS = Words("command")
NODES = Words("all")
SERVICES = Words("studio", "tracking")
ALGORITHMS = Words(
    "sft",
    "dpo",
    "kto",
    "orpo",
    "cpo",
    "simpo",
    "grpo",
    "ppo",
    "rloo",
    "reinforce_pp",
    "reward_model",
)
FRAMEWORKS = Words("trl", "verl", "open_rlhf", "nemo_rl", "slime", "torch_forge")
CHAT_TEMPLATES = Words("chatml", "llama_3", "zephyr", "gemma", "phi_3")
REWARDS = Words(
    "model", "function", "inline_function", "builtin", "evaluator", "deployment", "composite"
)
VERIFIERS = Words("exact_match", "regex", "math_equivalence", "unit_tests")
ENGINES = Words("vllm", "sglang", "hf", "megatron_inference")
BENCHMARKS = Words("gsm8k", "mmlu", "humaneval", "mbpp", "arc", "hellaswag")
