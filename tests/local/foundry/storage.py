"""The storage behind the project: files at signed addresses, open to whoever has one."""

import hmac
import mimetypes
import time
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from tests.local.foundry.attempts import Attempt
from tests.local.foundry.door import KEY, PROJECT, Route, address
from tests.local.foundry.refusals import RefusedError, not_found
from tests.local.foundry.state import Job

LIFETIME = 60 * 60  # seconds
PATH = "/api/projects/{project}/storage/{name}/{attempt}/{path:.+}"


def expires() -> datetime:
    """Give the time until which an address that is signed now can be used."""
    return datetime.fromtimestamp(int(time.time()) + LIFETIME, UTC)


def signed(request: web.Request, job: Job, attempt: Attempt, path: str, *, until: datetime) -> str:
    """Give the address of an artifact."""
    place, ends = f"/storage/{job.name}/{attempt.id}/{path}", str(int(until.timestamp()))
    signature = _signature(request, job.name, attempt.id, path, ends)
    return address(request, place, sv="2023-11-03", sr="b", sp="r", se=ends, sig=signature)


def content_type(path: str) -> str:
    """Guess what is in a file from its name."""
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


async def download(request: web.Request) -> web.FileResponse:
    """Hand out an artifact."""
    name, attempt, path = (request.match_info[part] for part in ("name", "attempt", "path"))
    ends = request.query.get("se", "")
    expected = _signature(request, name, attempt, path, ends)
    if not hmac.compare_digest(request.query.get("sig", "").encode(), expected.encode()):
        raise RefusedError(403, "forbidden", "The signature of the address is wrong.")
    if int(ends) < time.time():
        raise RefusedError(403, "forbidden", "The address has expired.")
    return web.FileResponse(_file(request), headers={"Content-Type": content_type(path)})


ROUTES = (Route("storage", "GET", PATH, download, None),)


def _file(request: web.Request) -> Path:
    """Find the file that was signed: the job may be gone since."""
    project, wanted = request.app[PROJECT], request.match_info
    job = project.jobs.get(wanted["name"])
    for attempt in job.attempts:
        path = project.site.files.artifacts(job, attempt) / wanted["path"]
        if attempt.id == wanted["attempt"] and path.is_file():
            return path
    raise not_found("There is nothing at this address.")


def _signature(request: web.Request, *signed_parts: str) -> str:
    text = "\n".join(signed_parts)
    return hmac.new(request.app[KEY].encode(), text.encode(), "sha256").hexdigest()
