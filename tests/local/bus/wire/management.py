"""What clients ask of the `$management` node of an entity.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from proton import Data, int32

from tests.local.bus.broker import Entity
from tests.local.bus.burial import Burial
from tests.local.bus.errors import BadArgumentError, MessageTooLargeError, NotSimulatedError
from tests.local.bus.messages import Content, Message
from tests.local.bus.store import Store
from tests.local.bus.wire.calls import Call
from tests.local.bus.wire.contents import content, outgoing
from tests.local.bus.wire.faulty import Task, perform
from tests.local.bus.wire.links import LARGEST_MESSAGE
from tests.local.bus.wire.outcomes import Settlement, properties
from tests.local.bus.wire.peer import Peer
from tests.local.bus.wire.requests import Answer, Request, failure
from tests.local.bus.wire.rule_descriptions import described, rule
from tests.local.bus.wire.values import Amqp, array, moment, stamp

VENDOR = "com.microsoft"
FIRST = 0  # receiver-settle-mode of a receiver that removes what it gets
ALL_SESSIONS = 253_402_300_800_000  # milliseconds: the end of 9999, by which clients ask for all


@dataclass(frozen=True)
class Operation:
    """Something to ask for, and the operation by which faults know it, if they do."""

    run: Callable[[Call], Answer]
    fault: str | None = None


def server(peer: Peer, entity: Entity) -> Callable[[Request], None]:
    """Give what serves the requests of one connection to one entity."""

    def serve(request: Request) -> None:
        operation = _operation(request)
        task = Task(
            act=lambda: operation.run(_call(request, entity, peer)),
            done=request.reply,
            failed=lambda error: request.reply(failure(error)),
        )
        if operation.fault is None:
            task.run()
        else:
            perform(peer, operation.fault, entity.path, task)

    return serve


def _call(request: Request, entity: Entity, peer: Peer) -> Call:
    link = request.properties.get("associated-link-name")
    return Call(entity, request.body, holder=f"{peer.name}/{link}", now=peer.bus.now())


def _operation(request: Request) -> Operation:
    name = str(request.properties.get("operation"))
    vendor, _, verb = name.partition(":")
    known = OPERATIONS.get(verb) if vendor == VENDOR else None
    return known or Operation(partial(_unknown, name))


def _unknown(name: str, call: Call) -> Answer:
    raise NotSimulatedError(f"The operation '{name}' is not known at '{call.entity.path}'.")


def _renew_lock(call: Call) -> Answer:
    ends = [stamp(call.store.renew(token, call.now)) for token in call.many("lock-tokens", UUID)]
    return Answer(body={"expirations": array(Data.TIMESTAMP, ends)})


def _peek(call: Call) -> Answer:
    first, limit = call.one("from-sequence-number", int), max(call.one("message-count", int), 0)
    session_id = call.perhaps("session-id", str)
    shown = call.store.peek(first, limit, call.now, session_id=session_id)
    if call.entity.entrance is not None:
        shown += call.entity.entrance.scheduled(first, session_id)
    if not shown:
        return Answer(204, condition=f"{VENDOR}:message-not-found", description="No messages.")
    page = sorted(shown, key=lambda message: message.sequence)[:limit]
    return Answer(body={"messages": [{"message": outgoing(message)} for message in page]})


def _schedule(call: Call) -> Answer:
    messages = [_message(entry) for entry in call.many("messages", dict)]
    for message in messages:
        call.entrance.check(message)
    numbers = [call.entrance.send(message, call.now) for message in messages]
    return Answer(body={"sequence-numbers": array(Data.LONG, numbers)})


def _message(entry: dict[str, Amqp]) -> Content:
    encoded = entry.get("message")
    if not isinstance(encoded, bytes):
        raise BadArgumentError("messages: each has its bytes under message")
    if len(encoded) > LARGEST_MESSAGE:
        raise MessageTooLargeError(LARGEST_MESSAGE)
    return content(encoded)


def _cancel_scheduled(call: Call) -> Answer:
    call.entrance.cancel(call.many("sequence-numbers", int), call.now)
    return Answer()


def _receive_deferred(call: Call) -> Answer:
    removes = call.one("receiver-settle-mode", int) == FIRST
    messages = call.store.receive_deferred(
        call.many("sequence-numbers", int), call.now, remove=removes
    )
    return Answer(body={"messages": [_handed_out(message) for message in messages]})


def _handed_out(message: Message) -> dict[str, object]:
    token = {} if message.lock is None else {"lock-token": message.lock.token}
    return {"message": outgoing(message), **token}


def _update_disposition(call: Call) -> Answer:
    settle = _settlement(call)
    for token in call.many("lock-tokens", UUID):
        settle(call.store, token, call.now)
    return Answer()


def _settlement(call: Call) -> Settlement:
    status = call.one("disposition-status", str)
    changes = properties(call.perhaps("properties-to-modify", dict))
    if status == "completed":
        return Store.complete
    if status == "abandoned":
        return lambda store, token, now: store.abandon(token, now, changes)
    if status == "defered":
        return lambda store, token, now: store.defer(token, now, changes)
    if status == "suspended":
        burial = Burial(
            call.perhaps("deadletter-reason", str), call.perhaps("deadletter-description", str)
        )
        return lambda store, token, now: store.dead_letter(token, now, burial, changes)
    raise BadArgumentError(f"disposition-status: '{status}' is not known")


def _renew_session_lock(call: Call) -> Answer:
    until = call.sessions.renew(call.one("session-id", str), call.holder, call.now)
    return Answer(body={"expiration": stamp(until)})


def _set_session_state(call: Call) -> Answer:
    state = call.perhaps("session-state", bytes)
    call.sessions.remember(call.one("session-id", str), call.holder, state, call.now)
    return Answer()


def _session_state(call: Call) -> Answer:
    session, _ = call.sessions.held(call.one("session-id", str), call.holder)
    return Answer(body={"session-state": session.state})


def _session_ids(call: Call) -> Answer:
    updated = call.one("last-updated-time", int)
    ids = call.sessions.ids(state_set_after=None if updated >= ALL_SESSIONS else moment(updated))
    skip = call.one("skip", int)
    page = ids[skip : skip + call.one("top", int)]
    if not page:
        return Answer(204, condition=f"{VENDOR}:session-not-found", description="No sessions.")
    return Answer(body={"skip": int32(skip), "sessions-ids": array(Data.STRING, page)})


def _add_rule(call: Call) -> Answer:
    call.rules.add(rule(call.one("rule-name", str), call.one("rule-description", dict)))
    return Answer()


def _remove_rule(call: Call) -> Answer:
    call.rules.remove(call.one("rule-name", str))
    return Answer()


def _rules(call: Call) -> Answer:
    skip = call.one("skip", int)
    page = call.rules.all()[skip : skip + call.one("top", int)]
    if not page:
        return Answer(204, condition=f"{VENDOR}:rule-not-found", description="No rules.")
    return Answer(body={"rules": [{"rule-description": described(one)} for one in page]})


OPERATIONS = {
    "add-rule": Operation(_add_rule),
    "cancel-scheduled-message": Operation(_cancel_scheduled),
    "enumerate-rules": Operation(_rules),
    "get-message-sessions": Operation(_session_ids),
    "get-session-state": Operation(_session_state),
    "peek-message": Operation(_peek),
    "receive-by-sequence-number": Operation(_receive_deferred, "receive"),
    "remove-rule": Operation(_remove_rule),
    "renew-lock": Operation(_renew_lock),
    "renew-session-lock": Operation(_renew_session_lock),
    "schedule-message": Operation(_schedule, "send"),
    "set-session-state": Operation(_set_session_state),
    "update-disposition": Operation(_update_disposition, "settle"),
}
