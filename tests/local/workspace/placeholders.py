"""`${{inputs.x}}` and its kin in a command, and the optional blocks `$[[ … ]]` around them.

See https://learn.microsoft.com/azure/machine-learning/reference-yaml-job-command and, for optional
blocks, https://learn.microsoft.com/azure/machine-learning/how-to-manage-inputs-outputs-pipeline.
Values go in as they are: quoting is the affair of who wrote the command.
"""

import re
from collections.abc import Container, Mapping

PLACEHOLDER = re.compile(r"\$\{\{\s*([^{}]*?)\s*\}\}")
OPTIONAL = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)


def fill(command: str, values: Mapping[str, str]) -> str:
    """Put values in place of names; an optional block goes when one of its values is missing."""
    kept = OPTIONAL.sub(lambda block: "" if unknown(block[1], values) else block[1], command)
    return PLACEHOLDER.sub(lambda found: values[found[1]], kept)


def unknown(command: str, names: Container[str]) -> list[str]:
    """Name the placeholders outside optional blocks that have no value."""
    needed = PLACEHOLDER.findall(OPTIONAL.sub("", command))
    return [name for name in needed if name not in names]
