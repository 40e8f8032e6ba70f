"""What the app promises, held against everything that was sent, kept and run."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.runs import FINAL, OUTBOX_ROOM, TOMBSTONE_FOR, Item, Run, Status, run_id_of
from tests.record.broker import Broker
from tests.record.service import ENDED, STATUSES
from tests.record.world import APP_NAME, Message, World

FINAL_WORDS = {status.value for status in FINAL}


@dataclass
class Story:
    """The events of one run, in the order of their first arrival."""

    seqs: list[int] = field(default_factory=list)
    data: dict[int, dict[str, Any]] = field(default_factory=dict)

    def add(self, event: dict[str, Any]) -> None:
        """Take an event, unless it is a repeat."""
        if event["seq"] not in self.data:
            self.seqs.append(event["seq"])
            self.data[event["seq"]] = event["data"]

    @property
    def ends(self) -> list[int]:
        """The seqs of its final events."""
        return [seq for seq in self.seqs if self.data[seq]["status"] in FINAL_WORDS]

    @property
    def end(self) -> dict[str, Any] | None:
        """The data of its only final event."""
        return self.data[self.ends[0]] if len(self.ends) == 1 else None


def broken(world: World, broker: Broker, messages: Iterable[Message]) -> Counter[str]:
    """The promises that did not hold, once everything has settled; empty when all did."""
    judge = _Judge(world, broker, list(messages))
    judge.of_items()
    judge.of_runs()
    judge.of_jobs()
    judge.of_requests()
    judge.of_messages()
    return +judge.bad


class _Judge:
    """Counts what is broken."""

    def __init__(self, world: World, broker: Broker, messages: list[Message]) -> None:
        self.world, self.broker, self.messages = world, broker, messages
        self.bad: Counter[str] = Counter()
        self.contents: dict[str, Item] = {}
        self.stories: dict[str, Story] = defaultdict(Story)
        self.refusals: dict[str, dict[str, Any]] = {}

    def of_items(self) -> None:
        """The same id is the same content; an outbox is bounded."""
        for item in [*self.world.topic, *self.world.rejects]:
            first = self.contents.setdefault(item.id, item)
            self.bad["one id, two contents"] += first.body != item.body
        for event in self.world.told():
            if "seq" in event:
                self.stories[event["subject"]].add(event)
            else:
                self.refusals[event["id"]] = event["data"]
        self.bad["outbox beyond its bound"] += self.world.widest > OUTBOX_ROOM + 3

    def of_runs(self) -> None:
        """A run's events come in order, without gap, with one end that record and job confirm."""
        for run_id, story in self.stories.items():
            self.bad["gap in seq"] += sorted(story.seqs) != list(range(1, len(story.seqs) + 1))
            self.bad["out of order"] += story.seqs != sorted(story.seqs)
            self.bad["no final event"] += not story.ends
            self.bad["two final events"] += len(story.ends) > 1
            self.bad["event after the end"] += bool(story.ends) and max(story.seqs) > story.ends[0]
            if story.end is not None:
                self._of_end(run_id, story.end)
        for run_id in {run_id_of(APP_NAME, each.request) for each in self.messages}:
            self.bad["run without events"] += (
                self._record(run_id) is not None and run_id not in self.stories
            )
        self.bad["live row left"] += len(list(self.world.memory.lives()))

    def _of_end(self, run_id: str, end: dict[str, Any]) -> None:
        status, job = end["status"], self.world.service.jobs.get(run_id)
        record = self._record(run_id)
        self.bad["record contradicts event"] += record is None or record.final != status
        self.bad["event contradicts job"] += job is not None and STATUSES.get(job.status) != status
        self.bad["success without job"] += status == Status.SUCCESS and job is None
        self.bad["rejected without copy"] += (
            status == Status.REJECTED and f"copy-{run_id}" not in self.contents
        )
        wish = end.get("cancel") or {}
        by = wish.get("by")
        self.bad["cancelled on nobody's wish"] += status == Status.CANCELLED and by in {
            None,
            "service",
        }

        begun = datetime.fromisoformat(end["times"]["accepted"])
        self.bad["ended by an expired wish"] += (
            by is not None and begun - datetime.fromisoformat(wish["at"]) > TOMBSTONE_FOR
        )

    def of_jobs(self) -> None:
        """A job starts once, ends, and is told of."""
        for name, job in self.world.service.jobs.items():
            self.bad["job without end"] += job.status not in ENDED
            self.bad["started twice"] += job.starts > 1
            self.bad["job without events"] += name not in self.stories

    def of_requests(self) -> None:
        """A request that can run has a run; one that was cancelled before it came has no job."""
        for request in {message.request for message in self.messages}:
            run_id = run_id_of(APP_NAME, request)
            able = any(_can_run(each) for each in self.messages if each.request == request)
            self.bad["request forgotten"] += able and run_id not in self.stories
            self.bad["run of nothing"] += not able and run_id in self.stories
            began = self.stories[run_id].data.get(1) if run_id in self.stories else None
            for expires in self.broker.cancelled_before.get(request, ()):
                buried = (
                    began is not None
                    and datetime.fromisoformat(began["times"]["accepted"]) < expires
                )
                self.bad["cancelled before it came, yet started"] += (
                    buried and run_id in self.world.service.jobs
                )

    def of_messages(self) -> None:
        """A message that no run comes of is told so, once and rightly, and a copy is kept.

        None is left over.
        """
        for message in self.messages:
            key = message.envelope.key
            answer, expected = self.refusals.get(key), self._expected(message)
            self.bad["message without answer"] += bool(expected) and answer is None
            self.bad["wrong answer"] += answer is not None and answer["reason"] not in expected
            self.bad["refused without copy"] += (
                answer is not None and f"copy-{key}" not in self.contents
            )
            self.bad["message left over"] += self.broker.holds(message)

    def _expected(self, message: Message) -> set[str]:
        """Why this message may be refused; nothing: it is the run's own, or a repeat of that."""
        if not _is_valid(message):
            return {"invalid"}
        record = self._record(run_id_of(APP_NAME, message.request))
        if record is not None and record.body == message.body:
            return set()
        return {"conflict", "dead_lettered"} if message.script.get("kills") else {"conflict"}

    def _record(self, run_id: str) -> Run | None:
        found = self.world.memory.run(run_id)
        return found.row if found is not None and isinstance(found.row, Run) else None


def _is_valid(message: Message) -> bool:
    return "jobType" in json.loads(message.body)


def _can_run(message: Message) -> bool:
    return _is_valid(message) and not message.script.get("kills")
