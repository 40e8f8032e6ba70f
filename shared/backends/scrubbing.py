"""No text of a service takes a signature or a token into an event: whoever reads it could use it.

Azure signs addresses of storage in their query, `?sv=…&sig=…` (learn.microsoft.com/azure/storage/
common/storage-sas-overview), and what fails to read such an address may quote it.
"""

import re
from typing import Any

MARK = "…"
MAX_LEVELS = 16
QUERY = re.compile(r"[?#].*")
WORD = re.compile(r"""[^\s"'<>]+""")
NAME_OF_SECRET = re.compile(
    r"(?:[?#&;]|\\u0026|%26|%3F)"
    r"(?:[\w.-]*(?:signature|token|secret|password|credential|key)|sig|sas|code|sk(?:oid|tid))"
    r"(?:=|%3D)",
    re.IGNORECASE,
)
# The same without the address that it belongs to.
ALONE = re.compile(
    r"(?:(?<![a-z])|(?<=%3F))(sig|sharedaccesssignature|sharedaccesskey|accountkey)(=|%3D)[^\s&;\"'<>,]+",
    re.IGNORECASE,
)
USER = re.compile(r"(https?://)[^/\s@?#]+@", re.IGNORECASE)


def scrubbed(text: str) -> str:
    """The text; an address with a secret in it keeps all but its query."""
    if "=" not in text and "%3" not in text and "@" not in text:
        return text
    whole = USER.sub(rf"\1{MARK}@", WORD.sub(_without_secrets, text))
    return ALONE.sub(rf"\1\2{MARK}", whole)


def scrubbed_value(value: Any, *, levels: int = MAX_LEVELS) -> Any:
    """The same of any JSON; ValueError when it is nested deeper than an event should be."""
    if levels == 0:
        raise ValueError("too many levels")
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, list):
        return [scrubbed_value(each, levels=levels - 1) for each in value]
    if isinstance(value, dict):
        return {
            scrubbed(name): scrubbed_value(each, levels=levels - 1) for name, each in value.items()
        }
    return value


def _without_secrets(word: re.Match[str]) -> str:
    query = QUERY.search(word[0])
    if query is None or "://" not in word[0][: query.start()]:
        return word[0]
    if not NAME_OF_SECRET.search(query[0]):
        return word[0]
    return f"{word[0][: query.start()]}?{MARK}"
