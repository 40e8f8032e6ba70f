"""The datastores of the workspace: folders on this disk behind `azureml://` addresses."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from tests.local.workspace.ids import Scope
from tests.local.workspace.refusals import bad_request

ARTIFACTS = "workspaceartifactstore"
BLOBS = "workspaceblobstore"
NAMES = frozenset({ARTIFACTS, BLOBS, "workspacefilestore", "workspaceworkingdirectory"})
# The service writes its own artifact addresses without `paths/`.
ADDRESS = re.compile(
    r"azureml://(?P<workspace>subscriptions/.+/workspaces/[^/]+/)?"
    r"datastores/(?P<store>[^/]+)/(?:paths/)?(?P<path>.*)",
    re.IGNORECASE,
)
LONGEST_NAME = 200


@dataclass(frozen=True)
class Datastores:
    """Where the files behind addresses are."""

    root: Path
    scope: Scope

    def path(self, uri: str) -> Path:
        """Give the place of an address; refuse what is none, or is not here."""
        address = ADDRESS.fullmatch(uri)
        if not address:
            raise bad_request(
                f"{uri!r}: only azureml://datastores/NAME/paths/PATH can be read here", "InvalidUri"
            )
        if address["workspace"] and not self._is_here(address["workspace"]):
            raise bad_request(f"{uri!r} is in another workspace", "DatastoreNotFound")
        if address["store"].lower() not in NAMES:
            raise bad_request(f"there is no datastore {address['store']!r}", "DatastoreNotFound")
        return self.root.joinpath(address["store"].lower(), *_steps(address["path"]))

    def _is_here(self, workspace: str) -> bool:
        short = workspace.lower().replace("/providers/microsoft.machinelearningservices", "")
        ours = self.scope.id.lower().replace("/providers/microsoft.machinelearningservices", "")
        return f"/{short}" == f"{ours}/"


def artifacts(job: str) -> str:
    """Give the address where a job's logs and its `outputs` folder go."""
    return f"azureml://datastores/{ARTIFACTS}/ExperimentRun/dcid.{job}"


def default_output(job: str, output: str, *, is_folder: bool) -> str:
    """Give the address of an output that has none; azure-ai-ml 1.35 looks for it there."""
    return f"azureml://datastores/{BLOBS}/paths/azureml/{job}/{output}{'/' if is_folder else ''}"


def _steps(path: str) -> list[str]:
    steps = [step for step in path.split("/") if step not in {"", "."}]
    if ".." in steps or any("\0" in step for step in steps):
        raise bad_request(f"{path!r} leaves the datastore", "InvalidUri")
    return [_short(step) for step in steps]


def _short(step: str) -> str:
    """Keep a name within what a file system takes: a job's name may be as long as that alone."""
    return step if len(step) <= LONGEST_NAME else _hash(step)


def _hash(step: str) -> str:
    return hashlib.sha256(step.encode(errors="surrogatepass")).hexdigest()
