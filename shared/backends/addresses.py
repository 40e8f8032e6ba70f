"""Where requests go: below the address of one resource, and nowhere else.

A path is checked before it is asked for, and so is every address that an answer names.
"""

import re
from urllib.parse import quote

import httpx

PATH = re.compile(r"[a-z]+(_[a-z]+)*(/[a-zA-Z0-9][a-zA-Z0-9_-]*)*(:[a-z]+)?")
# The last step to a thing whose name its users choose: it is sent with every `/` encoded, and would
# lead nowhere else even if a server decoded it.
ITEM = re.compile(r"(?!/)(?!.*//)(?!(.*/)?\.{1,2}(/|$))[A-Za-z0-9_./ -]{1,256}")


class Addresses:
    """The addresses below one resource."""

    def __init__(self, base: str) -> None:
        """Those below `base`."""
        self._base = httpx.URL(base)

    @property
    def host(self) -> str:
        """The host of all of them."""
        return self._base.host

    def at(self, path: str, item: str | None = None) -> httpx.URL:
        """The address of a path; `item` is a last step that may hold more than plain names do."""
        if not PATH.fullmatch(path) or not (item is None or ITEM.fullmatch(item)):
            raise ValueError("the path of a request is made of plain names")
        last = "" if item is None else f"/{quote(item, safe='')}"
        return self._base.copy_with(raw_path=f"{self._base.path}/{path}{last}".encode())

    def below(self, link: object) -> str | None:
        """The path of an address in an answer; None: it is elsewhere, or no plain path."""
        there, base = _read(link), f"{self._base.path}/"
        if _origin(there) != _origin(self._base):
            return None
        if not there.path.casefold().startswith(base.casefold()):
            return None
        path = there.path[len(base) :]
        return path if PATH.fullmatch(path) else None

    def query(self, link: object, path: str) -> dict[str, str] | None:
        """The query of an address in an answer; None when it is not at this path."""
        here, there = self.at(path), _read(link)
        is_same = there.path.casefold() == here.path.casefold()
        return dict(there.params) if is_same and _origin(there) == _origin(here) else None


def _read(link: object) -> httpx.URL:
    """An address; an empty one when it is none."""
    try:
        return httpx.URL(str(link))
    except httpx.InvalidURL:
        return httpx.URL()


def _origin(url: httpx.URL) -> tuple[str, str, int | None, bytes]:
    """Where an address leads, and as whom; ours name nobody."""
    return url.scheme, url.host, url.port, url.userinfo
