"""Lists of a project, page by page."""

from collections.abc import Callable, Iterator, Mapping

from shared.backends import hints
from shared.backends.foundry.asking import Reader
from shared.backends.foundry.profiles import Paging, Profile
from shared.backends.reading import objects
from shared.backends.remote import MAX_PAGES, NOTHING, Remote
from shared.errors import UnavailableError
from shared.ports import Json, Page

MOST = 5  # pages of one job's lists


def jobs(remote: Remote, profile: Profile) -> Iterator[Json]:
    """The jobs of a project that are in use, the first of very many. UnavailableError."""
    for page in PAGES[profile.paging](remote, profile.collection, profile.query()):
        yield from objects(page.get(profile.listed))


def listed(
    reader: Reader,
    path: str,
    shown: Callable[[Json], Json | None],
    query: Mapping[str, str] = NOTHING,
) -> Page | None:
    """A list of one job, each thing in it as it is shown or left out; None: there is no list."""
    page = reader.get(path, query)
    if page is None:
        return None
    found, after = _shown(page, shown), _next(page)
    for _ in range(MOST - 1):
        page = None if after is None else reader.get(path, {**query, "after": after})
        if page is None:
            break
        found, after = found + _shown(page, shown), _next(page, after)
    return Page(found, truncated=after is not None)


def _by_cursor(remote: Remote, path: str, query: Mapping[str, str]) -> Iterator[Json]:
    after: str | None = None
    for _ in range(MAX_PAGES):
        page = remote.get(path, query if after is None else {**query, "after": after})
        if page is None:
            text = f"GET {path}: 404"
            raise UnavailableError(text, code="NotFound", clear=True, hint=hints.PROJECT)
        yield page
        after = _next(page, after)
        if after is None:
            return


def _by_link(remote: Remote, path: str, query: Mapping[str, str]) -> Iterator[Json]:
    return remote.pages(path, query)


def _shown(page: Json, shown: Callable[[Json], Json | None]) -> tuple[Json, ...]:
    return tuple(filter(None, map(shown, objects(page.get("data")))))


def _next(page: Json, before: str | None = None) -> str | None:
    """What the next page comes after; None: there is none, or it would be this one again."""
    last = page.get("last_id")
    if page.get("has_more") is not True or not isinstance(last, str) or not last:
        return None
    return None if last == before else last


PAGES: Mapping[Paging, Callable[[Remote, str, Mapping[str, str]], Iterator[Json]]] = {
    Paging.AFTER: _by_cursor,
    Paging.LINK: _by_link,
}
