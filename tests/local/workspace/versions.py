"""The api-versions of `workspaces/jobs`.

As published until August 2026 in https://github.com/Azure/bicep-types-az.
"""

from tests.local.workspace.refusals import RefusedError

OURS = "2024-10-01"
STABLE = {
    "2023-04-01",
    "2023-10-01",
    "2024-04-01",
    OURS,
    "2025-04-01",
    "2025-06-01",
    "2025-09-01",
    "2025-12-01",
    "2026-03-01",
    "2026-05-01",
}
PREVIEW = {
    "2023-02-01-preview",
    "2023-04-01-preview",
    "2023-06-01-preview",
    "2023-08-01-preview",
    "2024-01-01-preview",
    "2024-04-01-preview",
    "2024-07-01-preview",
    "2024-10-01-preview",
    "2025-01-01-preview",
    "2025-04-01-preview",
    "2025-07-01-preview",
    "2025-10-01-preview",
    "2026-01-15-preview",
    "2026-03-15-preview",
    "2026-05-15-preview",
}


def known(*, strict: bool) -> frozenset[str]:
    """Give the versions that are taken: all from 2023 on, or only the one this project speaks."""
    return frozenset({OURS} if strict else STABLE | PREVIEW)


def check(version: str | None, taken: frozenset[str]) -> None:
    """Refuse a version that is missing or not taken."""
    if not version:
        text = "The api-version query parameter (?api-version=) is required for all requests."
        raise RefusedError(400, "MissingApiVersionParameter", text)
    if version.lower() not in taken:
        supported = ",".join(sorted(taken))
        text = f"The api-version '{version}' is invalid. The supported versions are '{supported}'."
        raise RefusedError(400, "InvalidApiVersionParameter", text)
