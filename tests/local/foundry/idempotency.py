"""The header `Operation-Id` of a create: the same request twice has one effect and one answer."""

from dataclasses import dataclass, field

from tests.local.foundry.model.schema import Json
from tests.local.foundry.refusals import conflict

HEADER = "Operation-Id"


@dataclass
class Answers:
    """What was answered to each create that succeeded, by the key that came with it."""

    _answers: dict[str, tuple[Json, Json]] = field(default_factory=dict)

    def known(self, key: str | None, body: Json) -> Json | None:
        """Give the answer to this very request; refuse the key with another body."""
        if key is None or key not in self._answers:
            return None
        asked, answer = self._answers[key]
        if asked != body:
            raise conflict(f"The {HEADER} {key!r} came before, with another body.")
        return answer

    def keep(self, key: str | None, body: Json, answer: Json) -> None:
        """Keep an answer, if it came with a key."""
        if key is not None:
            self._answers[key] = (body, answer)
