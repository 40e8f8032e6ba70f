"""A Service Bus message as the host hands it to a worker.

The names and forms are those of the trigger's binding data, `ServiceBusTriggerBindingStrategy` and
`MessageToStringConverter` in Microsoft.Azure.WebJobs.Extensions.ServiceBus 5.x
(https://github.com/Azure/azure-sdk-for-net/tree/main/sdk/servicebus), serialised as the Functions
host does it: text as text, everything else as JSON, nothing for null.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from azure.functions.meta import Datum
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.amqp import AmqpMessageBodyType

from tests.local.host.functions import Function
from tests.local.host.invoke import Given

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
LONGEST_LIFE = timedelta(days=365 * 1000)


class UnfitError(Exception):
    """The trigger cannot hand over such a body; in Azure its function is not called either."""


def given(function: Function, message: ServiceBusReceivedMessage) -> Given:
    """Give what a function gets for a message; UnfitError when it can get nothing."""
    as_bytes = function.options.get("dataType") == "BINARY"
    value = Datum(_data(message), "bytes") if as_bytes else Datum(_text(message), "string")
    metadata = _metadata(message).items()
    return Given(value, {name: _datum(value) for name, value in metadata if value is not None})


def _text(message: ServiceBusReceivedMessage) -> str:
    """Give a body as text; what is no UTF-8 is replaced, not refused."""
    if message.body_type == AmqpMessageBodyType.VALUE and isinstance(message.body, str | bytes):
        return _plain(message.body)
    return _data(message).decode(errors="replace")


def _data(message: ServiceBusReceivedMessage) -> bytes:
    if message.body_type == AmqpMessageBodyType.DATA:
        return b"".join(message.body)
    raise UnfitError(f"message {message.message_id!r} has a body of {message.body_type}")


def _metadata(message: ServiceBusReceivedMessage) -> Mapping[str, Any]:
    properties = {
        str(_plain(name)): value for name, value in (message.application_properties or {}).items()
    }
    enqueued, expiry = message.enqueued_time_utc, _expiry(message)
    return {
        "ApplicationProperties": properties,
        "ContentType": message.content_type,
        "CorrelationId": message.correlation_id,
        "DeadLetterSource": message.dead_letter_source,
        # The library for Python counts earlier deliveries, that for .NET this one, too.
        "DeliveryCount": (message.delivery_count or 0) + 1,
        "EnqueuedTime": enqueued,
        "EnqueuedTimeUtc": _without_zone(enqueued),
        "ExpiresAt": expiry,
        "ExpiresAtUtc": _without_zone(expiry),
        "Label": message.subject,
        "LockToken": str(message.lock_token),
        "MessageId": message.message_id,
        "PartitionKey": message.partition_key,
        "ReplyTo": message.reply_to,
        "ReplyToSessionId": message.reply_to_session_id,
        "SequenceNumber": message.sequence_number,
        "SessionId": message.session_id,
        "Subject": message.subject,
        "To": message.to,
        "UserProperties": properties,
    }


def _expiry(message: ServiceBusReceivedMessage) -> datetime:
    enqueued, lifetime = message.enqueued_time_utc, message.time_to_live
    if enqueued is None or lifetime is None or lifetime > LONGEST_LIFE:
        return END_OF_TIME
    return enqueued + lifetime


def _without_zone(time: datetime | None) -> datetime | None:
    """Give a time as .NET's DateTimeOffset.DateTime does: without saying that it is UTC."""
    return time.astimezone(UTC).replace(tzinfo=None) if time else None


def _datum(value: object) -> Datum:
    return (
        Datum(value, "string")
        if isinstance(value, str)
        else Datum(json.dumps(value, default=_plain), "json")
    )


def _plain(value: object) -> str:
    """Write what JSON has no form for; the library gives text of AMQP as bytes."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else str(value)
