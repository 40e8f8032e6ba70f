"""The jobs that a job starts and waits for: the trials of a sweep, the nodes of a pipeline.

A child is a job like any other, with a walk, a life and perhaps children of its own; only the list
of jobs leaves it out.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tests.local.workspace.lives import Life, life_of
from tests.local.workspace.schema import Json
from tests.local.workspace.state import Job, Jobs


class Leader(Protocol):
    """Who leads jobs through their statuses."""

    def start(self, job: Job) -> None:
        """Set a new job on its way."""

    def cancel(self, job: Job) -> bool:
        """Cancel a job, as anybody may ask; True when it is over at once."""

    def visible_from(self, life: Life) -> datetime:
        """Tell from when on a job that begins now may be seen."""

    def end(self, job: Job) -> bool:
        """Cancel a job whatever its life would make of it."""


@dataclass(frozen=True)
class Children:
    """The children of one job, from one start of it to its end."""

    parent: Job
    jobs: Jobs
    leader: Leader
    started: list[Job] = field(default_factory=list)

    def start(self, name: str, definition: Json) -> Job:
        """Make a child and set it on its way; ValueError when another job has the name."""
        known = self.jobs.existing(name)
        if known and known.parent != self.parent.name:
            raise ValueError(f"the name {name!r} is taken by another job")
        life = life_of(definition["tags"])
        child = self.jobs.add(
            name,
            definition,
            life=life,
            visible_from=self.leader.visible_from(life),
            created_by=self.parent.created_by,
            parent=self.parent,
        )
        self.started.append(child)
        self.leader.start(child)
        return child

    async def ended(self, child: Job) -> Job:
        """Wait until a child is over, and give it."""
        if child.task:
            await asyncio.wait({child.task})
        return child

    async def any_ended(self, alive: Iterable[Job]) -> list[Job]:
        """Wait until one of these children is over, and give all of them that are."""
        tasks = {child.task: child for child in alive if child.task}
        over, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return [child for task, child in tasks.items() if task in over]

    def cancel(self, child: Job) -> None:
        """Ask for the end of a child; one that is over or at its end goes on to it."""
        if child.can_be_cancelled:
            self.leader.cancel(child)

    def all(self) -> list[Job]:
        """Give all children, in the order of their starts."""
        return list(self.started)

    async def stop(self) -> None:
        """End the children that are alive, and wait until nothing of them is left."""
        for child in self.started:
            if child.can_be_cancelled and child.status != "CancelRequested":
                self.leader.end(child)
        for child in self.started:
            await self.ended(child)
