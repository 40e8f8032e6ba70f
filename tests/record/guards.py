"""The guards of the record, and the app without each of them: what is cut out of which file."""

from dataclasses import dataclass
from pathlib import Path

STEPS = "shared/flows/steps"


@dataclass(frozen=True)
class Cut:
    """One piece of a file, and what stands there without the guard."""

    file: str
    piece: str
    instead: str

    def apply(self, root: Path) -> None:
        """Cut it out below this folder.

        ValueError when the file has changed and the piece is not there once.
        """
        path = root / self.file
        text = path.read_text()
        if text.count(self.piece) != 1:
            raise ValueError(f"{self.file} has this {text.count(self.piece)} times: {self.piece}")
        path.write_text(text.replace(self.piece, self.instead))


GUARDS: dict[str, list[Cut]] = {
    "a PUT is made under a claim": [
        Cut(f"{STEPS}/driving.py", "services.store.save(claimed, found.etag)", "pass"),
        Cut(f"{STEPS}/driving.py", "row.holds(claimed.claim)", "row.submitted_at is None"),
    ],
    "a claimed row is driven by nobody else": [
        Cut(
            "shared/runs.py",
            "if self.claimed_until is not None and now < self.claimed_until:",
            "if False:",
        )
    ],
    "an unclear failure keeps the claim": [
        Cut(f"{STEPS}/driving.py", "release=failure.clear", "release=True")
    ],
    "who resumes looks first": [
        Cut(
            f"{STEPS}/driving.py",
            "            seen = backend.find(run.id)\n            if",
            "            seen = None\n            if",
        )
    ],
    "a run ends without a job only after a look": [
        Cut(
            f"{STEPS}/driving.py",
            "        if not fresh:\n",
            "        if not fresh and without_job is not None:\n"
            "            return _Outcome(None, ended(services, run, without_job))\n"
            "        if not fresh:\n",
        )
    ],
    "a refusal is followed by a look": [
        Cut(
            f"{STEPS}/driving.py",
            "return _after_refusal(services, run, backend, refusal)",
            "return _rejected(services, run, refusal.problem)",
        )
    ],
    "a taken name is no rejection": [Cut(f"{STEPS}/driving.py", "if refusal.exists:", "if False:")],
    "an event stands in the row before it is sent": [
        Cut(
            f"{STEPS}/rows.py",
            "        return live.telling(entry, event)\n",
            "        list(services.publisher.send([event]))\n"
            "        return replace(live.telling(entry, event), outbox=live.outbox)\n",
        )
    ],
    "an outbox is sent oldest first": [
        Cut(
            f"{STEPS}/publishing.py",
            "for item in found.row.outbox]\n    sent",
            "for item in reversed(found.row.outbox)]\n    sent",
        )
    ],
    "nothing newer is sent after a failure": [
        Cut(
            f"{STEPS}/publishing.py",
            "            sent.update(services.publisher.send(items))\n",
            "            for item in items:\n"
            "                try:\n"
            "                    sent.update(services.publisher.send([item]))\n"
            "                except UnavailableError:\n"
            "                    continue\n",
        )
    ],
    "only what was sent leaves the outbox": [
        Cut(
            f"{STEPS}/publishing.py",
            "change(services, run_id, unsent)",
            "change(services, run_id, lambda row: replace(row, outbox=()))",
        )
    ],
    "a run is finished when all is told": [
        Cut(f"{STEPS}/publishing.py", " or found.row.outbox:", ":")
    ],
    "a stale look is void": [
        Cut(
            f"{STEPS}/watching.py",
            "            change(services, live.run_id, _found_again)\n",
            "            change(services, live.run_id, lambda row: _found(services, row, seen))\n",
        )
    ],
    "an end waits only so long for its result": [
        Cut(f"{STEPS}/watching.py", "row.result_tries + 1 < RESULT_TRIES:", "True:")
    ],
    "a cancel is repeated": [
        Cut(
            f"{STEPS}/watching.py",
            "        backend_of(services, live).cancel(live.run_id)\n",
            "        pass\n",
        )
    ],
    "a gap between looks begins the count of 404s anew": [
        Cut(
            "shared/runs.py",
            "begins = self.missing_at is None or now - self.missing_at > MISSING_GAP",
            "begins = self.missing_at is None",
        )
    ],
    "a job that is found again was not missing": [
        Cut(
            "shared/runs.py",
            "            self.recovered(),\n"
            "            missing_since=None,\n"
            "            missing_at=None,\n",
            "            self.recovered(),\n",
        )
    ],
    "a tombstone ends the run that comes": [
        Cut(
            f"{STEPS}/accepting.py",
            "live.wished(stone.wish) if services.clock() < stone.expires else live",
            "live",
        )
    ],
    "a tombstone is valid for a time": [
        Cut(f"{STEPS}/accepting.py", " if services.clock() < stone.expires else live", "")
    ],
    "a user's wish is written before the service is asked": [
        Cut(
            "shared/flows/cancel.py",
            "    if live != found.row:\n",
            "    if live.state is State.ENDED:\n",
        )
    ],
    "a deadline's wish is written before the service is asked": [
        Cut(
            f"{STEPS}/watching.py",
            "        return row.wished(Wish(",
            "        backend_of(services, row).cancel(run_id)\n"
            "        return None and row.wished(Wish(",
        )
    ],
    "an outbox has its bound": [
        Cut(
            "shared/runs.py",
            "return len(self.outbox) <= OUTBOX_ROOM and size <= OUTBOX_ROOM_BYTES",
            "return True",
        )
    ],
    "a repeat is known by its fingerprint": [
        Cut(f"{STEPS}/accepting.py", "if run.fingerprint == first.fingerprint:", "if True:")
    ],
    "a conflict is told": [
        Cut(
            f"{STEPS}/accepting.py",
            "    refuse(services, run.body, run.envelope, conflict, conflicts_with=first.id)\n",
            "",
        )
    ],
    "a refused message comes again until it is told": [
        Cut(
            f"{STEPS}/accepting.py",
            "        for _ in services.publisher.send(items):\n            pass\n",
            "        try:\n"
            "            list(services.publisher.send(items))\n"
            "        except UnavailableError:\n"
            "            pass\n",
        )
    ],
    "the copy of a refused message is sent first": [
        Cut(
            f"{STEPS}/accepting.py",
            "services.publisher.send(items)",
            "services.publisher.send([event])",
        )
    ],
    "a refusal has no clock in it": [
        Cut(
            "shared/messages/event.py",
            '"time": envelope.enqueued_at',
            '"time": datetime.now(envelope.enqueued_at.tzinfo)',
        )
    ],
    "a rejected run leaves a copy": [
        Cut(
            f"{STEPS}/rows.py",
            "if live.status is not Status.REJECTED or problem is None:",
            "if True:",
        )
    ],
    "a dead letter is accepted late": [
        Cut(
            "shared/flows/dead_letter.py",
            "hopeless = tries is not None and tries.row >= TRIES",
            "hopeless = first is None",
        )
    ],
    "a try is written down before it is made": [
        Cut("shared/flows/dead_letter.py", "        services.store.count_try(\n", "        str(\n"),
        Cut(
            "shared/flows/dead_letter.py",
            "            1 if tries is None else tries.row + 1,\n"
            "            over=None if tries is None else tries.etag,\n"
            "            forget_at=services.clock() + TRIES_KEPT,\n",
            "",
        ),
    ],
    "a hopeless dead letter is told the same again": [
        Cut(
            "shared/flows/dead_letter.py",
            "first.fingerprint == run.fingerprint or not hopeless",
            "True",
        )
    ],
}
