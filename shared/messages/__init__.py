"""What crosses the edge: requests in, events and copies out."""

from shared.messages.caller import CALLER, CANCEL, admit
from shared.messages.copy import copy_of_message, copy_of_run
from shared.messages.discovery import templates
from shared.messages.envelope import envelope
from shared.messages.event import event, refusal
from shared.messages.http import (
    cancel_reason,
    job_type_in_query,
    json_body,
    metric_in_path,
    request_id_in_path,
    run_id_in_path,
    section_in_path,
)
from shared.messages.overrides import Override, overrides
from shared.messages.reading import invalid, parse, read
from shared.messages.request import Request, fingerprint, readable, readable_id, received
from shared.messages.sections import section_view
from shared.messages.validation import OF_MESSAGE, validation
from shared.messages.view import view, view_of_tombstone

__all__ = [
    "CALLER",
    "CANCEL",
    "OF_MESSAGE",
    "Override",
    "Request",
    "admit",
    "cancel_reason",
    "copy_of_message",
    "copy_of_run",
    "envelope",
    "event",
    "fingerprint",
    "invalid",
    "job_type_in_query",
    "json_body",
    "metric_in_path",
    "overrides",
    "parse",
    "read",
    "readable",
    "readable_id",
    "received",
    "refusal",
    "request_id_in_path",
    "run_id_in_path",
    "section_in_path",
    "section_view",
    "templates",
    "validation",
    "view",
    "view_of_tombstone",
]
