"""HTTP with a token: what is asked of Azure Resource Manager, run history and Foundry.

A token goes to the configured host alone, below the path of one target; no redirect is followed. A
GET is repeated a few times. Nothing else ever is, except after a 401: it surely had no effect.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Self

import httpx
import stamina

from shared.backends import hints
from shared.backends.addresses import Addresses
from shared.backends.answers import Answer, DeclinedError, Meaning, PassingError, failure
from shared.backends.watch import UNWATCHED, Watch
from shared.errors import UnavailableError
from shared.ports import Json

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT, READ_TIMEOUT = timedelta(seconds=5), timedelta(seconds=30)
LONG_WAIT = timedelta(seconds=2)  # so long a Retry-After is not waited for here
MAX_ANSWER = 16 * 1024 * 1024  # bytes
MAX_PAGES = 50
TOKEN = re.compile(r"[\x21-\x7e]+")

# Which HTTP status means what. Below 300 it is done, from 500 on it failed, any other is odd.
MEANING: Mapping[int, Meaning] = {
    HTTPStatus.BAD_REQUEST: Meaning.DECLINED,
    HTTPStatus.UNAUTHORIZED: Meaning.DENIED,
    HTTPStatus.FORBIDDEN: Meaning.DENIED,
    HTTPStatus.NOT_FOUND: Meaning.DECLINED,
    HTTPStatus.REQUEST_TIMEOUT: Meaning.FAILED,
    HTTPStatus.CONFLICT: Meaning.DECLINED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Meaning.DECLINED,
    HTTPStatus.UNPROCESSABLE_ENTITY: Meaning.DECLINED,
    HTTPStatus.TOO_MANY_REQUESTS: Meaning.THROTTLED,
}
# No fault of the service or of ours: it is done, or what was asked for cannot be.
EXPECTED = frozenset(
    status
    for status in HTTPStatus
    if status < HTTPStatus.MULTIPLE_CHOICES or MEANING.get(status) is Meaning.DECLINED
)
# With these the request has not left.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NOTHING: Mapping[str, str] = {}


def http_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """The one HTTP client of a process. It does not even connect twice: the rows keep the retry."""
    connect = CONNECT_TIMEOUT.total_seconds()
    return httpx.Client(
        timeout=httpx.Timeout(READ_TIMEOUT.total_seconds(), connect=connect, pool=connect),
        headers={"Accept": "application/json", "User-Agent": "jobrelay"},
        follow_redirects=False,
        transport=transport,
    )


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How to speak with one service; an `api_version` that is empty is not said.

    `headers` are those of every request. `lacking` says what the identity of the app must be
    granted to be let in with a method. `token` answers the text of a token for a scope; it keeps
    it and renews it in time, and raises UnavailableError with `clear` when it cannot.
    """

    client: httpx.Client
    token: Callable[[str], str]
    clock: Callable[[], datetime]
    endpoint: str
    scope: str
    api_version: str
    headers: Mapping[str, str] = field(default_factory=dict)
    lacking: Callable[[str], str] = hints.permission
    watch: Watch = UNWATCHED

    def of(self, alias: str) -> Self:
        """The same, where operators are told of this target."""
        return replace(self, watch=replace(self.watch, target=alias))


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    item: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _pause(error: Exception) -> bool | float:
    """Is a GET tried again after this, and after how many seconds if the service says so?"""
    if not isinstance(error, PassingError) or (error.retry_after or timedelta(0)) > LONG_WAIT:
        return False
    logger.warning("%s", error)
    return True if error.retry_after is None else error.retry_after.total_seconds()


# All waits together stay below five seconds: a function lives for two minutes, for many runs.
_patiently = stamina.RetryingCaller(
    attempts=3, timeout=5.0, wait_initial=0.2, wait_max=1.0, wait_jitter=0.3
).on(_pause)


class Remote:
    """What is below the id of one resource. Safe to use from many threads."""

    def __init__(self, connection: Connection, base: str) -> None:
        """Speak of what is below `base`."""
        self._connection = connection
        self._addresses = Addresses(f"{connection.endpoint.rstrip('/')}{base}")
        version = connection.api_version
        self._version = {"api-version": version} if version else {}
        self._silent_until: dict[str, datetime] = {}

    def get(
        self, path: str, query: Mapping[str, str] = NOTHING, *, item: str | None = None
    ) -> Json | None:
        """A document, or None when there is none. UnavailableError.

        `item` is a last step below the path that may hold more than plain names do.
        """
        return self._found(_Request("GET", path, query, item=item))

    def ask(self, path: str, body: Json) -> Json | None:
        """The same, of what is asked for by POST and has no effect."""
        return self._found(_Request("POST", path, body=body))

    def state(self, path: str) -> Answer | None:
        """The answer of a GET as it is: its status tells, too. None and errors as of `get`."""
        try:
            return _patiently(self._done, _Request("GET", path))
        except DeclinedError as exc:
            _raise_unless_missing(exc)
            return None

    def pages(self, path: str, query: Mapping[str, str]) -> Iterator[Json]:
        """The pages of a list, the first of very many. UnavailableError."""
        for _ in range(MAX_PAGES):
            try:
                page = _patiently(self._document, _Request("GET", path, query))
            except DeclinedError as exc:
                raise exc.unavailable from exc
            yield page
            if not page.get("nextLink"):
                return
            there = self._addresses.query(page["nextLink"], path)
            if there is None:
                text = f"GET {path}: the next page is said to be elsewhere"
                raise UnavailableError(text, code="UnexpectedAnswer")
            query = there

    def put(self, path: str, body: Json) -> Json:
        """Write a document, and answer it as it is then. DeclinedError or UnavailableError."""
        return self._document(_Request("PUT", path, body=body))

    def send(self, method: str, path: str, body: Json, *, headers: Mapping[str, str]) -> Json:
        """The same by another method and with more headers."""
        return self._document(_Request(method, path, body=body, headers=headers))

    def post(self, path: str) -> Answer:
        """Ask for an action, which may outlast the answer. DeclinedError or UnavailableError."""
        return self._done(_Request("POST", path))

    def below(self, link: object) -> str | None:
        """The path of an address that an answer named; None: it is elsewhere, or no plain path."""
        return self._addresses.below(link)

    def _found(self, asked: _Request) -> Json | None:
        try:
            return _patiently(self._document, asked)
        except DeclinedError as exc:
            _raise_unless_missing(exc)
            return None

    def _document(self, asked: _Request) -> Json:
        """Ask, and read the answer."""
        answer = self._done(asked)
        try:
            document = answer.document()
        except ValueError as exc:
            raise _unreadable(asked) from exc
        if not isinstance(document, dict):
            raise _unreadable(asked)
        return document

    def _done(self, asked: _Request) -> Answer:
        """Ask; what does not succeed is raised."""
        self._stay_silent(asked)
        answer = self._watched(asked)
        if answer.status == HTTPStatus.UNAUTHORIZED:  # perhaps the token ran out on its way
            answer = self._watched(asked)
        if answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return answer
        other = Meaning.ODD if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR else Meaning.FAILED
        meaning, now = MEANING.get(answer.status, other), self._connection.clock()
        lacking = self._connection.lacking(asked.method)
        error = failure(asked.method, asked.path, answer, meaning=meaning, now=now, lacking=lacking)
        if meaning is Meaning.THROTTLED and isinstance(error, UnavailableError):
            self._silent_until[_quota(asked)] = now + (error.retry_after or timedelta(0))
        raise error

    def _watched(self, asked: _Request) -> Answer:
        """One request on the wire, of which operators are told."""
        token = self._token(asked)
        return self._connection.watch.exchange(
            asked.method,
            self._addresses.host,
            lambda: self._exchange(asked, token),
            expected=EXPECTED,
        )

    def _exchange(self, asked: _Request, token: str) -> Answer:
        """One request on the wire, and its answer."""
        try:
            with self._connection.client.stream(
                asked.method,
                self._addresses.at(asked.path, asked.item),
                params={**asked.query, **self._version},
                headers={
                    **self._connection.headers,
                    **asked.headers,
                    "Authorization": f"Bearer {token}",
                },
                json=asked.body,
            ) as response:
                return Answer(
                    response.status_code, response.headers, self._content(asked, response)
                )
        except NEVER_SENT as exc:
            text = f"{asked}: no connection ({type(exc).__name__})"
            raise PassingError(
                text, code="NoConnection", clear=True, hint=hints.UNREACHABLE
            ) from exc
        except httpx.HTTPError as exc:
            raise PassingError(
                f"{asked}: no answer ({type(exc).__name__})", code="NoAnswer"
            ) from exc

    def _content(self, asked: _Request, response: httpx.Response) -> bytes:
        """The body, read within bounds: httpx limits the wait for each of its pieces alone."""
        content, until = bytearray(), self._connection.clock() + READ_TIMEOUT
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MAX_ANSWER:
                raise UnavailableError(f"{asked}: the answer is too long", code="UnexpectedAnswer")
            if self._connection.clock() > until:
                raise httpx.ReadTimeout("the whole answer takes too long")
        return bytes(content)

    def _token(self, asked: _Request) -> str:
        token = self._connection.token(self._connection.scope)
        if not TOKEN.fullmatch(token):  # httpx would repeat it in the text of its error
            raise UnavailableError(
                f"{asked}: what came as token is none", code="BadToken", clear=True
            )
        return token

    def _stay_silent(self, asked: _Request) -> None:
        """Refuse to ask before the time that a 429 named: asking earlier begins the wait anew.

        (learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling)
        """
        until, now = self._silent_until.get(_quota(asked)), self._connection.clock()
        if until is not None and now < until:
            text = f"{asked}: not asked, because the service wants silence"
            raise PassingError(text, code="TooManyRequests", clear=True, retry_after=until - now)


def _raise_unless_missing(declined: DeclinedError) -> None:
    """Of what only looks nothing should be declined, but for what is not there."""
    if declined.status != HTTPStatus.NOT_FOUND:
        raise declined.unavailable from declined


def _quota(asked: _Request) -> str:
    """Reads and writes are counted apart."""
    return "reads" if asked.method == "GET" else "writes"


def _unreadable(asked: _Request) -> PassingError:
    return PassingError(f"{asked}: the answer is no JSON object", code="UnexpectedAnswer")
