"""Where the project is, and the ids of what is in it.

Assets have ids such as `azureai://accounts/A/projects/P/data/NAME/versions/V`, computes are
resources of the account (`accounts/computes`, from api-version 2026-03-15-preview of
https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts).
"""

import re
from dataclasses import dataclass

COMPUTE = re.compile(
    r"(?P<account>/subscriptions/[^/]+/resourceGroups/[^/]+"
    r"/providers/Microsoft\.CognitiveServices/accounts/[^/]+)/computes/(?P<name>[^/]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """The account and the project."""

    subscription: str = "00000000-0000-0000-0000-000000000001"
    resource_group: str = "twin"
    account: str = "demo"
    project: str = "demo"

    @property
    def account_id(self) -> str:
        """The id of the account."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.CognitiveServices/accounts/{self.account}"
        )

    @property
    def path(self) -> str:
        """The path of the project's routes."""
        return f"/api/projects/{self.project}"

    def asset(self, kind: str, name: str, version: str) -> str:
        """Give the id of an asset of the project."""
        place = f"azureai://accounts/{self.account}/projects/{self.project}"
        return f"{place}/{kind}/{name}/versions/{version}"

    def compute(self, compute_id: str) -> str | None:
        """Give the name of a compute of this account, in lower case; None when it is no such id."""
        found = COMPUTE.fullmatch(compute_id)
        if found is None or found["account"].lower() != self.account_id.lower():
            return None
        return found["name"].lower()
