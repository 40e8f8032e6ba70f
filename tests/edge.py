"""The app up to its edge: requests are checked as they really are, a table and a bus in memory."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

import httpx

from shared import messages
from shared.backends.workspace import backends, resource_id
from shared.flows.submit import submit
from shared.messages import Override
from shared.ports import Backend, Json, Services, Target
from shared.runs import Envelope, Item, JobType, Kind, Live, Run
from shared.targets import SAFE_ALLOW, WorkspaceTarget
from tests.arm import a_connection
from tests.fakes import MemoryPublisher, MemoryStore
from tests.jobs import APP_NAME, WORKSPACE

NOW = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)
# What each target lets messages override.
TARGETS: dict[str, Iterable[str]] = {"demo": Override, "strict": SAFE_ALLOW, "closed": ()}


class Table(MemoryStore):
    """A table that remembers what was accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[Run] = []

    def accept(self, run: Run, live: Live, *, over: str | None = None) -> None:
        super().accept(run, live, over=over)
        self.accepted.append(run)


class Edge:
    """What a message meets, and what is left of it.

    There is no workspace behind it, and what would leave for one fails the test; unless `jobs` are
    given, which then make those of each kind.
    """

    def __init__(self, jobs: Callable[[JobType], Backend] | None = None) -> None:
        self.store = Table()
        self.publisher = MemoryPublisher()
        self.services = Services(
            app_name=APP_NAME,
            source=f"urn:jobrelay:{APP_NAME}",
            store=self.store,
            publisher=self.publisher,
            targets={alias: _target(alias, allow, jobs) for alias, allow in TARGETS.items()},
            default_target="demo",
            clock=lambda: NOW,
            jitter=lambda: 0.0,
            retention=timedelta(days=90),
        )

    def submit(self, body: bytes, envelope: Envelope) -> None:
        """Let a message come."""
        submit(self.services, body, envelope)

    @property
    def sent(self) -> list[Item]:
        """All that was published."""
        return self.publisher.sent

    @property
    def events(self) -> list[Json]:
        """The events among it."""
        return [json.loads(item.body) for item in self.sent if item.kind is Kind.EVENT]

    @property
    def copies(self) -> list[Item]:
        """The copies on the reject queue among it."""
        return [item for item in self.sent if item.kind is Kind.COPY]


def an_envelope(**changes: Any) -> Envelope:
    """What the broker says of a message."""
    defaults: dict[str, Any] = {
        "app_name": APP_NAME,
        "queue": "jobs",
        "sequence_number": 1,
        "message_id": "message-1",
        "enqueued_at": NOW,
        "correlation_id": None,
        "content_type": "application/json",
        "trace": None,
    }
    return messages.envelope(**{**defaults, **changes})


def _target(alias: str, allow: Iterable[str], jobs: Callable[[JobType], Backend] | None) -> Target:
    place = WorkspaceTarget(
        kind="workspace",
        subscriptionId=WORKSPACE.subscription_id,
        resourceGroup=WORKSPACE.resource_group,
        workspace=WORKSPACE.name,
    )
    real = backends(place, a_connection(_nothing_leaves), app_name=APP_NAME)
    return Target(
        alias=alias,
        source=resource_id(place),
        allow=frozenset(map(Override, allow)),
        backends=real if jobs is None else {job_type: jobs(job_type) for job_type in real},
    )


def _nothing_leaves(request: httpx.Request) -> NoReturn:
    raise AssertionError(f"{request.method} {request.url} was sent")
