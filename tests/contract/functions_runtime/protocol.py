"""The messages between host and worker, as the worker's code expects to find them.

In Azure they are protocol buffers
(https://github.com/Azure/azure-functions-language-worker-protobuf). The worker only makes them from
keyword arguments and reads their fields, so plain objects do.
"""

from types import SimpleNamespace
from typing import Any


class Message:
    """A message: what was not set reads as None."""

    def __init__(self, **fields: Any) -> None:
        """Set some fields."""
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        """Read a field that was not set; a capital letter asks for a class, and there is none."""
        if name[0].isupper() or name.startswith("__"):
            raise AttributeError(name)
        return None

    def WhichOneof(self, group: str) -> str | None:  # noqa: N802 - the name is the protocol's
        """Give the name of the field that is set."""
        return next((name for name, value in self.__dict__.items() if value is not None), None)


class StatusResult(Message):
    """How something ended."""

    Failure, Success, Cancelled = range(3)


class BindingInfo(Message):
    """What a binding is."""

    out, inout, undefined = 1, 2, 0


setattr(BindingInfo, "in", 0)


class ParameterBinding(Message):
    """A parameter and its value."""

    def WhichOneof(self, group: str) -> str | None:  # noqa: N802 - the name is the protocol's
        """Give where the value is: never in shared memory."""
        return "data"


def _message(name: str) -> type[Message]:
    return type(name, (Message,), {})


PROTOCOL = SimpleNamespace(
    StatusResult=StatusResult,
    BindingInfo=BindingInfo,
    ParameterBinding=ParameterBinding,
    **{
        name: _message(name)
        for name in (
            "RpcException",
            "WorkerMetadata",
            "WorkerInitResponse",
            "RpcFunctionMetadata",
            "FunctionMetadataResponse",
            "FunctionLoadResponse",
            "InvocationResponse",
            "RpcHttp",
            "RpcRetryOptions",
            "TypedData",
        )
    },
)


def typed(**value: Any) -> Message:
    """Make a value: `string=…`, `bytes=…`, `json=…` or `http=…`."""
    return Message(**value)


def envelope(name: str, **fields: Any) -> SimpleNamespace:
    """Wrap a request as the worker takes it."""
    content = SimpleNamespace(**{name: Message(**fields)})
    return SimpleNamespace(request=content, properties={"protos": PROTOCOL, "host": "127.0.0.1"})
