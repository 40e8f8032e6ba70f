"""What an attempt left behind: its log, and what its command wrote to `outputs`."""

from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from tests.local.foundry import paging, storage
from tests.local.foundry.attempt_routes import ATTEMPT, asked_for
from tests.local.foundry.door import PROJECT, Route
from tests.local.foundry.model.schema import Json, Surface
from tests.local.foundry.refusals import bad_request, not_found
from tests.local.foundry.times import unix


async def list_artifacts(request: web.Request) -> web.Response:
    """Show a page of artifacts, those whose path begins so."""
    page = paging.page(
        request.query, _paths(request), key=str, show=lambda path: _shown(request, path)
    )
    return web.json_response(page)


async def metadata(request: web.Request) -> web.Response:
    """Show an artifact."""
    return web.json_response(_shown(request, _path(request)))


async def content_info(request: web.Request) -> web.Response:
    """Show where an artifact can be downloaded."""
    return web.json_response(_info(request, _path(request)))


async def content_info_by_prefix(request: web.Request) -> web.Response:
    """Show where artifacts can be downloaded, those whose path begins so."""
    page = paging.page(
        request.query, _paths(request), key=str, show=lambda path: _info(request, path)
    )
    return web.json_response(page)


async def content(request: web.Request) -> web.FileResponse:
    """Hand out an artifact."""
    path = _path(request)
    headers = {"Content-Type": storage.content_type(path)}
    return web.FileResponse(_folder(request) / path, headers=headers)


ROUTES = tuple(
    Route("artifacts", "GET", f"{ATTEMPT}/artifacts{path}", handler, Surface.TRAINING_JOBS)
    for path, handler in {
        "": list_artifacts,
        "/metadata": metadata,
        "/content_info": content_info,
        "/content_info_by_prefix": content_info_by_prefix,
        "/content": content,
    }.items()
)


def _folder(request: web.Request) -> Path:
    return request.app[PROJECT].site.files.artifacts(*asked_for(request))


def paths_in(folder: Path, prefix: str) -> list[str]:
    """Give the paths of the artifacts in a folder, those that begin so."""
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted(path for path in paths if path.startswith(prefix))


def _paths(request: web.Request) -> list[str]:
    return paths_in(_folder(request), request.query.get("path_prefix", ""))


def _path(request: web.Request) -> str:
    """Read which artifact is meant; refuse one that is not there."""
    path = request.query.get("path")
    if not path:
        raise bad_request("path is required")
    if path not in _paths(request):
        raise not_found(f"There is no artifact {path!r}.")
    return path


def _shown(request: web.Request, path: str) -> Json:
    file = (_folder(request) / path).stat()
    return {
        "path": path,
        "type": "file",
        "size": file.st_size,
        "created_at": unix(datetime.fromtimestamp(file.st_ctime, UTC)),
        "updated_at": unix(datetime.fromtimestamp(file.st_mtime, UTC)),
    }


def _info(request: web.Request, path: str) -> Json:
    until = storage.expires()
    return {
        "path": path,
        "content_uri": storage.signed(request, *asked_for(request), path, until=until),
        "content_type": storage.content_type(path),
        "expires_at": unix(until),
    }
