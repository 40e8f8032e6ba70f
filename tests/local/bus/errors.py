"""What the bus refuses, each with the AMQP condition and the status by which clients know it.

    BusError
    ├── BadArgumentError        the request makes no sense
    ├── EntityExistsError       an entity or rule of that name is there already
    ├── EntityNotFoundError     no such queue, topic, subscription or rule
    ├── InjectedError           a fault that a test asked for
    ├── InternalError           a fault of the bus itself
    ├── MessageLockLostError    the lock is not, or no longer, held
    ├── MessageNotFoundError    no message of that number in that state
    ├── MessageTooLargeError    over the size that a link takes
    ├── NotAllowedError         the entity does not do that
    ├── NotSimulatedError       the service does that, the twin does not
    ├── SessionLockLostError    the session is not, or no longer, held
    ├── SessionTakenError       another receiver holds the session
    ├── NoSessionError          no session became free in time
    └── UndecodableError        the bytes are no AMQP message

The conditions are those that azure-servicebus 7.15 and @azure/core-amqp 4 turn into errors of their
own.
"""

from typing import ClassVar


class BusError(Exception):
    """Something that the bus refuses; its text goes to the client."""

    condition: ClassVar[str]
    status: ClassVar[int] = 400


class BadArgumentError(BusError):
    """The request makes no sense."""

    condition = "com.microsoft:argument-error"


class EntityExistsError(BusError):
    """An entity or rule of that name is there already."""

    condition = "com.microsoft:entity-already-exists"
    status = 409


class EntityNotFoundError(BusError):
    """No such queue, topic, subscription or rule."""

    condition = "amqp:not-found"
    status = 404

    def __init__(self, path: str) -> None:
        # @azure/core-amqp knows this error by its sentence alone.
        super().__init__(f"The messaging entity '{path}' could not be found.")


class InternalError(BusError):
    """A fault of the bus itself."""

    condition = "amqp:internal-error"
    status = 500


class MessageLockLostError(BusError):
    """The lock is not, or no longer, held."""

    condition = "com.microsoft:message-lock-lost"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            "The lock supplied is invalid. Either it expired, or the message was settled already."
        )


class MessageNotFoundError(BusError):
    """No message of that number in that state."""

    condition = "com.microsoft:message-not-found"
    status = 404


class MessageTooLargeError(BusError):
    """Over the size that a link takes."""

    condition = "amqp:link:message-size-exceeded"
    status = 403

    def __init__(self, limit: int) -> None:
        super().__init__(f"The message is larger than is currently allowed ({limit} bytes).")


class NotAllowedError(BusError):
    """The entity does not do that."""

    condition = "amqp:not-allowed"


class NotSimulatedError(BusError):
    """The service does that, the twin does not."""

    condition = "amqp:not-implemented"
    status = 501


class SessionLockLostError(BusError):
    """The session is not, or no longer, held."""

    condition = "com.microsoft:session-lock-lost"
    status = 410

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"The lock of session '{session_id}' expired or is held by another receiver."
        )


class SessionTakenError(BusError):
    """Another receiver holds the session."""

    condition = "com.microsoft:session-cannot-be-locked"
    status = 410

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"The requested session '{session_id}' cannot be accepted: another receiver holds it."
        )


class NoSessionError(BusError):
    """No session became free in time."""

    condition = "com.microsoft:timeout"
    status = 408

    def __init__(self, seconds: float) -> None:
        super().__init__(f"No session became available within {seconds:g} seconds.")


class UndecodableError(BusError):
    """The bytes are no AMQP message."""

    condition = "amqp:decode-error"


class InjectedError(BusError):
    """A fault that a test asked for."""

    def __init__(self, condition: str) -> None:
        super().__init__(f"The twin was asked to fail with {condition}.")
        self.condition = condition  # type: ignore[misc]  # the one that a test chooses
