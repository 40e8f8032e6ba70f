"""`${{inputs.x}}` and its kin in a command.

See learn.microsoft.com/azure/machine-learning/reference-yaml-job-command. What stands between `$[[`
and `]]` is left out by the service when a value is missing.
"""

import re
from collections.abc import Collection, Iterator, Mapping

PLACEHOLDER = re.compile(r"\$\{\{\s*(\w+)\.([^{}\s]+)\s*\}\}")


def undefined(command: str, defined: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """Section and name of each placeholder that cannot be filled, in the sections of `defined`."""
    for section, name in dict.fromkeys(PLACEHOLDER.findall(_needed(command))):
        known = defined.get(section)
        if known is not None and name not in known and name.partition(".")[0] not in known:
            yield section, name


def _needed(command: str) -> str:
    """The command without its optional parts."""
    first, *others = command.split("$[[")
    return first + "".join(part.partition("]]")[2] if "]]" in part else part for part in others)
