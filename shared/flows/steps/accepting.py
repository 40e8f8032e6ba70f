"""A message becomes a run, or is refused."""

import logging
from dataclasses import replace

from shared import messages
from shared.errors import ConflictError, Fault, RejectedError, UnavailableError
from shared.flows.steps.reporting import count_request, count_sent, of_batch
from shared.flows.steps.rows import ROUNDS, told
from shared.messages import Request
from shared.ports import Backend, Services, Target
from shared.runs import Envelope, Live, Run, run_id_of

logger = logging.getLogger(__name__)


def understood(services: Services, body: bytes, envelope: Envelope) -> tuple[Run, Live]:
    """The run that a message asks for, by the message and the settings alone, or RejectedError."""
    request, request_id = _received(services, body, envelope)
    target = _target_named(services, request.target)
    warnings = _backend(target, request).check(request)
    _allowed(request, target)
    now = services.clock()
    run_id = run_id_of(services.app_name, request_id)
    run = Run(
        id=run_id,
        request_id=request_id,
        fingerprint=messages.fingerprint(body, request_id),
        target=target.alias,
        job_type=request.job_type,
        body=body,
        envelope=envelope,
        card=replace(request.card, warnings=warnings),
        accepted_at=now,
    )
    live = Live(
        run_id=run_id,
        target=target.alias,
        job_type=request.job_type,
        accepted_at=now,
        changed_at=now,
        retry_at=request.not_before or now,
        deadlines=request.deadlines_from(now),
        traceparent=envelope.traceparent,
    )
    return run, live


def accept(services: Services, run: Run, live: Live) -> bool:
    """Claim the record for this message: the insert is the test.

    False when another request has it: a conflict, and told so.
    """
    for _ in range(ROUNDS):
        try:
            services.store.accept(run, told(services, run, live))
        except ConflictError:  # somebody's row, or our own with its reply lost
            pass
        else:
            count_request(services, "accepted")
            return True
        found = services.store.run(run.id)
        if found is None:
            continue
        if isinstance(found.row, Run):
            return is_repeat(services, run, found.row)
        stone = found.row  # its wish counts while it is valid
        begun = live.wished(stone.wish) if services.clock() < stone.expires else live
        try:
            services.store.accept(run, told(services, run, begun), over=found.etag)
        except ConflictError:
            continue
        count_request(services, "accepted")
        return True
    raise UnavailableError(f"run:{run.id} keeps changing")


def is_repeat(services: Services, run: Run, first: Run) -> bool:
    """Is this message a repeat of the one that made the record? If not it is told of a conflict."""
    if run.fingerprint == first.fingerprint:
        count_request(services, "repeated")
        return True
    conflict = RejectedError(
        "conflict",
        "another request with this id was accepted before",
        hint="Give each request an id of its own; a repeat must have the same content.",
    )
    refuse(services, run.body, run.envelope, conflict, conflicts_with=first.id)
    return False


def refuse(
    services: Services,
    body: bytes,
    envelope: Envelope,
    rejection: RejectedError,
    *,
    conflicts_with: str | None = None,
) -> None:
    """No run comes of this message: keep a copy, then tell.

    No row, no clock, so that a repeat says the same.
    """
    request_id = messages.readable_id(body, envelope)
    copy = messages.copy_of_message(body, envelope, rejection.problem, request_id=request_id)
    event = messages.refusal(
        envelope,
        rejection,
        source=services.source,
        request_id=request_id,
        conflicts_with=conflicts_with,
    )
    items = (copy, event)
    with services.telemetry.span("publish", of_batch(items, services.topic), kind="client"):
        for _ in services.publisher.send(items):
            pass
    count_sent(services, items)
    count_request(services, "refused")
    logger.warning("message %s is refused: %s", envelope.key, rejection.reason)


def _received(services: Services, body: bytes, envelope: Envelope) -> tuple[Request, str]:
    """The request in a message, and its id; RejectedError with faults of form and of its kind."""
    try:
        return messages.received(body, envelope)
    except RejectedError as exc:
        told = {_field(fault) for fault in exc.faults}
        more = _faults_of_kind(services, messages.readable(body, exc.faults))
        others = (fault for fault in more if _field(fault) not in told)
        raise messages.invalid(*exc.faults, *others) from None


def _faults_of_kind(services: Services, readable: Request | None) -> tuple[Fault, ...]:
    """What is wrong with the rest of a request of bad form, so that all is told at once."""
    if readable is None:
        return ()
    try:
        _backend(_target_named(services, readable.target), readable).check(readable)
    except RejectedError as exc:
        return exc.faults
    return ()


def _field(fault: Fault) -> str:
    """The field of the request in which it is."""
    return fault.path.partition("/")[2].partition("/")[0]


def _backend(target: Target, request: Request) -> Backend:
    """Who speaks for the kind of job that is asked for."""
    backend = target.backends.get(request.job_type)
    if backend is None:
        kinds = ", ".join(target.backends)
        fault = Fault("/jobType", "a kind of job that this target does not run", f"one of: {kinds}")
        raise messages.invalid(fault)
    return backend


def _target_named(services: Services, alias: str | None) -> Target:
    """The target of a request."""
    target = services.targets.get(alias or services.default_target or "")
    if target is None:
        found = "an unknown alias" if alias else "nothing, while no target is the default"
        expected = f"one of: {', '.join(sorted(services.targets))}"
        raise RejectedError(
            "unknown_target",
            f"/target: found {found}, expected {expected}",
            faults=[Fault("/target", found, expected)],
            hint="An operator adds targets in the setting TARGETS.",
        )
    return target


def _allowed(request: Request, target: Target) -> None:
    """RejectedError (`not_allowed`) naming each override that the target's settings refuse."""
    refused = {
        path: word for path, word in messages.overrides(request).items() if word not in target.allow
    }
    if not refused:
        return
    words = ", ".join(sorted(set(refused.values())))
    raise RejectedError(
        "not_allowed",
        f"target {target.alias} does not allow messages to set: {words}",
        faults=[
            Fault(path, "an override", f"none: '{word}' is not allowed")
            for path, word in refused.items()
        ],
        hint=f"An operator may add {words} to `allow` of this target in the setting TARGETS.",
    )
