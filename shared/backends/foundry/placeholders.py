"""`${{inputs.x}}` in the command of a training job.

What stands between `[` and `]` is left out by the service when a value is missing
(github.com/Azure/azure-dev, cli/azd/extensions/azure.ai.training, `job_validator.go`).
"""

import re
from collections.abc import Collection, Iterator, Mapping

OPTIONAL = re.compile(r"\[[^\[\]]*\]")
PLACEHOLDER = re.compile(r"\$\{\{\s*(\w+)\.([^{}\s]+)\s*\}\}")
SINGLE = re.compile(r"\{\s*(?:inputs|outputs)\.\w+\s*\}(?!\})")


def undefined(command: str, defined: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """Section and name of each placeholder that cannot be filled, in the sections of `defined`."""
    for section, name in dict.fromkeys(PLACEHOLDER.findall(OPTIONAL.sub("", command))):
        known = defined.get(section)
        if known is not None and name not in known and name.partition(".")[0] not in known:
            yield section, name


def has_single_braces(command: str) -> bool:
    """Is a placeholder written with one pair of braces, which the service leaves as it is?"""
    return SINGLE.search(command) is not None
