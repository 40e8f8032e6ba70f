"""The files of the project: folders on this disk behind the addresses of assets and datastores."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.local.foundry.attempts import Attempt
from tests.local.foundry.ids import Place
from tests.local.foundry.refusals import bad_request
from tests.local.foundry.state import Job

LOG = "user_logs/std_log.txt"
BLOBS = "workspaceblobstore"
LONGEST_STEP = 255  # bytes that a file system takes
ASSET = re.compile(
    r"azureai://accounts/(?P<account>[^/]+)/projects/(?P<project>[^/]+)"
    r"/(?P<kind>data|models)/(?P<name>[^/]+)/versions/(?P<version>[^/]+)(?:/(?P<path>.*))?"
)
DATASTORE = re.compile(r"azureml://datastores/(?P<store>[^/]+)/paths/(?P<path>.*)")


@dataclass(frozen=True)
class Files:
    """Where the files behind addresses are."""

    root: Path
    place: Place

    def path(self, uri: str) -> Path:
        """Give the place of an address; refuse what is none, or is not here."""
        asset, stored = ASSET.fullmatch(uri), DATASTORE.fullmatch(uri)
        if stored:
            return self._below("datastores", stored["store"], stored["path"])
        if asset is None:
            raise bad_request(
                f"{uri!r}: only azureai:// ids of data and models, and "
                "azureml://datastores/NAME/paths/PATH, can be read here"
            )
        if (asset["account"], asset["project"]) != (self.place.account, self.place.project):
            raise bad_request(f"{uri!r} is in another project")
        version = f"{asset['name']}/{asset['version']}/{asset['path'] or ''}"
        return self._below("assets", asset["kind"], version)

    def artifacts(self, job: Job, attempt: Attempt) -> Path:
        """Make the folder for what an attempt leaves behind."""
        folder = self.root / "artifacts" / str(job.number) / attempt.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def log(self, job: Job, attempt: Attempt) -> Path:
        """Give the place of an attempt's log; its folder exists."""
        path = self.artifacts(job, attempt) / LOG
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _below(self, *parts: str) -> Path:
        steps = [step for part in parts for step in part.split("/") if step not in {"", "."}]
        if ".." in steps or any("\0" in step for step in steps):
            raise bad_request(f"{'/'.join(parts)!r} leaves its place")
        if any(len(step.encode(errors="surrogatepass")) > LONGEST_STEP for step in steps):
            raise bad_request(f"a name in an address is over {LONGEST_STEP} bytes")
        return self.root.joinpath(*steps)
