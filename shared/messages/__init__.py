"""What crosses the edge: requests in, events and copies out."""

from shared.messages.copy import copy_of_message, copy_of_run
from shared.messages.envelope import envelope
from shared.messages.event import event, refusal
from shared.messages.http import cancel_reason, request_id_in_path, run_id_in_path
from shared.messages.overrides import Override, overrides
from shared.messages.reading import invalid, parse, read
from shared.messages.request import Request, fingerprint, readable_id, received
from shared.messages.view import view, view_of_tombstone

__all__ = [
    "Override",
    "Request",
    "cancel_reason",
    "copy_of_message",
    "copy_of_run",
    "envelope",
    "event",
    "fingerprint",
    "invalid",
    "overrides",
    "parse",
    "read",
    "readable_id",
    "received",
    "refusal",
    "request_id_in_path",
    "run_id_in_path",
    "view",
    "view_of_tombstone",
]
