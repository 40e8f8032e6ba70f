"""The child process: loads the app, then does a call for each line of JSON on standard input.

python -m tests.contract.functions_runtime APP_DIRECTORY
"""

import asyncio
import base64
import json
import logging
import os
import sys
import uuid
from typing import Any

import azure_functions_runtime as runtime

from tests.contract.functions_runtime.protocol import (
    PROTOCOL,
    Message,
    ParameterBinding,
    envelope,
    typed,
)

NO_ANSWER_AFTER = 30.0
ANSWERS = os.fdopen(os.dup(1), "w")


def main() -> None:
    """Serve until standard input closes."""
    os.dup2(2, 1)  # what the app prints must not get among the answers
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    directory = sys.argv[1]
    os.environ |= {"FUNCTIONS_WORKER_RUNTIME": "python", "AzureWebJobsScriptRoot": directory}
    sys.path.insert(0, directory)
    asyncio.run(_serve(directory))


async def _serve(directory: str) -> None:
    functions = await _functions(directory)
    calls: set[asyncio.Task[None]] = set()
    lines = await _standard_input()
    while line := await lines.readline():
        task = asyncio.create_task(_answer(functions, json.loads(line)))
        calls.add(task)
        task.add_done_callback(calls.discard)
    os._exit(0)  # without waiting for a function that hangs


async def _functions(directory: str) -> dict[str, Any]:
    """Load the app and say what is in it, or why it does not load."""
    runtime.start_threadpool_executor()
    request = envelope("worker_init_request", capabilities={}, function_app_directory=directory)
    begun = await runtime.worker_init_request(request)
    if begun.result.status != PROTOCOL.StatusResult.Success:
        _say(error=begun.result.exception.message)
        raise SystemExit(1)
    request = envelope("functions_metadata_request", function_app_directory=directory)
    metadata = await runtime.functions_metadata_request(request)
    functions = {function.name: function for function in metadata.function_metadata_results or ()}
    for function in functions.values():
        request = envelope("function_load_request", function_id=function.function_id)
        await runtime.function_load_request(request)
    _say(functions={name: _trigger(function) for name, function in functions.items()})
    return functions


async def _answer(functions: dict[str, Any], call: dict[str, Any]) -> None:
    """Do one call and say how it ended; what leaves the worker itself is no answer in Azure."""
    invocation, function = str(uuid.uuid4()), functions[call["function"]]
    runtime.invocation_id_cv.set(invocation)
    request = envelope(
        "invocation_request",
        invocation_id=invocation,
        function_id=function.function_id,
        input_data=[ParameterBinding(name=_trigger(function)["name"], data=_value(call["input"]))],
        trigger_metadata={name: _value(value) for name, value in call["metadata"].items()},
        trace_context=Message(trace_parent="", trace_state="", attributes={}),
        retry_context=Message(retry_count=0, max_retry_count=0),
    )
    try:
        answer = await asyncio.wait_for(runtime.invocation_request(request), NO_ANSWER_AFTER)
    except BaseException as exc:  # noqa: BLE001 - whatever it is, Azure would not hear of it
        _say(id=call["id"], status="no answer", error=type(exc).__name__)
        return
    _say(id=call["id"], **_outcome(answer))


def _outcome(answer: Any) -> dict[str, Any]:
    if answer.result.status != PROTOCOL.StatusResult.Success:
        exception = answer.result.exception
        return {"status": "failed", "error": exception.message, "trace": exception.stack_trace}
    returned = answer.return_value
    if returned is None or returned.http is None:
        return {"status": "succeeded", "returned": returned and returned.string}
    http = returned.http
    body = base64.b64encode(http.body.bytes).decode()
    return {
        "status": "succeeded",
        "returned": {"status": int(http.status_code), "headers": dict(http.headers), "body": body},
    }


def _value(spec: dict[str, Any]) -> Message:
    """Make a value from `{kind: value}`; bytes are in base 64."""
    ((kind, value),) = spec.items()
    if kind == "http":
        body = typed(bytes=base64.b64decode(value.pop("body")))
        return typed(http=Message(**value, body=body))
    return typed(**{kind: base64.b64decode(value) if kind == "bytes" else value})


def _trigger(function: Any) -> dict[str, Any]:
    bindings: list[dict[str, Any]] = [json.loads(raw) for raw in function.raw_bindings]
    return next(binding for binding in bindings if binding["direction"] == "IN")


def _say(**facts: Any) -> None:
    ANSWERS.write(json.dumps(facts) + "\n")
    ANSWERS.flush()


async def _standard_input() -> asyncio.StreamReader:
    lines = asyncio.StreamReader(limit=1 << 22)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    return lines


if __name__ == "__main__":
    main()
