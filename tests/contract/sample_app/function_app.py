"""An app with each kind of trigger, which does what a message or request tells it to do.

What its triggers were given can be read at `seen`.
"""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Mapping
from typing import Any

import azure.functions as func

LOG = logging.getLogger(__name__)
ASKED = "do"
LONG = {"linger": 1.0, "stay": 2.5}
SEEN: list[dict[str, Any]] = []
BORN = str(uuid.uuid4())
app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)


@app.service_bus_queue_trigger(
    arg_name="message",
    queue_name="%ORDERS%",
    connection="ServiceBus",
    data_type=func.DataType.BINARY,
)
def take_order(message: func.ServiceBusMessage) -> Any:
    """Take an order from the queue."""
    SEEN.append({"by": "take_order", **_facts(message)})
    return _act(_asked(message.get_body()))


@app.service_bus_queue_trigger(
    arg_name="message", queue_name="%ORDERS%/$DeadLetterQueue", connection="ServiceBus"
)
def take_dead_order(message: func.ServiceBusMessage) -> None:
    """Take an order from the dead letters."""
    SEEN.append({"by": "take_dead_order", **_facts(message)})


@app.service_bus_topic_trigger(
    arg_name="message", topic_name="%NEWS%", subscription_name="all", connection="ServiceBus"
)
async def take_news(message: func.ServiceBusMessage) -> None:
    """Take news from a subscription."""
    SEEN.append({"by": "take_news", **_facts(message)})
    await asyncio.sleep(0)
    what = _asked(message.get_body())
    if what == "hang at first":
        what = "hang" if message.delivery_count == 1 else "nothing"
    _act(what)


@app.timer_trigger(arg_name="timer", schedule="%OFTEN%", run_on_startup=True)
def often(timer: func.TimerRequest) -> None:
    """Run every second, a little longer than that."""
    SEEN.append({"by": "often", "pastDue": timer.past_due, "at": time.monotonic()})
    time.sleep(1.2)
    SEEN.append({"by": "often ended", "at": time.monotonic()})


@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *")
async def seldom(timer: func.TimerRequest) -> None:
    """Run once a year."""
    LOG.info("seldom runs")
    SEEN.append({"by": "seldom", "pastDue": timer.past_due})


@app.route("seen", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def seen(req: func.HttpRequest) -> func.HttpResponse:
    """Tell what the triggers were given."""
    return func.HttpResponse(json.dumps({"born": BORN, "seen": SEEN}))


@app.route("echo/{first}/{second?}", methods=["GET", "POST"])
def echo(req: func.HttpRequest) -> func.HttpResponse:
    """Tell what the request was."""
    facts = {
        "method": req.method,
        "route": dict(req.route_params),
        "query": dict(req.params),
        "header": req.headers.get("X-Sample"),
        "body": req.get_body().decode(),
    }
    return func.HttpResponse(
        json.dumps(facts), status_code=201, mimetype="application/json", headers={"X-Answer": "yes"}
    )


@app.route("act/{what}", methods=["POST"])
def act(req: func.HttpRequest) -> func.HttpResponse:
    """Do what is asked for."""
    _act(req.route_params["what"])
    return func.HttpResponse("done")


@app.route("act-async/{what}", methods=["POST"])
async def act_async(req: func.HttpRequest) -> func.HttpResponse:
    """Do what is asked for, on the loop."""
    _act(req.route_params["what"])
    return func.HttpResponse("done")


def _asked(body: bytes) -> str:
    try:
        asked: Mapping[str, str] = json.loads(body)
    except ValueError:
        return ""
    return asked.get(ASKED, "")


def _act(what: str) -> object:
    """Succeed, or go wrong in the way that is asked for."""
    if what == "fail":
        raise RuntimeError("a secret that no answer shows")
    if what in LONG:
        SEEN.append({"by": f"{what} begun"})
        time.sleep(LONG[what])
        SEEN.append({"by": f"{what} ended"})
    if what == "hang":
        time.sleep(3600)
    if what == "cancel":
        raise asyncio.CancelledError
    if what == "exit":
        raise SystemExit(3)
    return "nobody takes this" if what == "return" else None


def _facts(message: func.ServiceBusMessage) -> dict[str, Any]:
    return {
        "body": message.get_body().decode(errors="replace"),
        "length": len(message.get_body()),
        "id": message.message_id,
        "deliveryCount": message.delivery_count,
        "sequenceNumber": message.sequence_number,
        "lockToken": message.lock_token,
        "correlationId": message.correlation_id,
        "contentType": message.content_type,
        "applicationProperties": message.application_properties,
        "userProperties": message.user_properties,
        "enqueued": message.enqueued_time_utc and message.enqueued_time_utc.isoformat(),
        "lockedUntil": message.locked_until,
    }
