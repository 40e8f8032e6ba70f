"""Builds the clients, one of each for a process, and hands over one `Services`."""

import logging
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from azure.core.exceptions import AzureError
from azure.data.tables import TableClient
from azure.identity import DefaultAzureCredential
from azure.servicebus import ServiceBusClient

from shared.backends import Connections, backends, source
from shared.backends.remote import Connection, http_client
from shared.backends.watch import Watch
from shared.errors import UnavailableError
from shared.messages import Override
from shared.ports import Services, Target
from shared.publisher import BusPublisher
from shared.settings import Settings
from shared.signals import SILENT, Telemetry
from shared.store import TableStore, client_options

THREADS = 16
SENDS = 3  # tries of the Service Bus SDK
# They write addresses and headers at INFO.
TALKATIVE = ("azure", "httpx", "httpcore")

Given = TypeVar("Given")
Answer = TypeVar("Answer")


def build(
    settings: Settings, *, clock: Callable[[], datetime], telemetry: Telemetry = SILENT
) -> Services:
    """Build all that the flows use. Nothing connects yet."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("stamina").setLevel(logging.ERROR)  # what it retries is logged by us
    credential = DefaultAzureCredential(managed_identity_client_id=settings.client_id)
    connection = Connection(
        client=http_client(),
        token=_tokens(credential),
        clock=clock,
        endpoint=settings.arm_endpoint,
        scope=settings.arm_scope,
        api_version=settings.arm_api_version,
        watch=Watch("none", telemetry),
    )
    history = replace(
        connection,
        endpoint=settings.history_endpoint,
        scope=settings.history_scope,
        api_version="",
    )
    project = replace(connection, scope=settings.foundry_scope)
    return Services(
        app_name=settings.app_name,
        source=f"urn:jobrelay:{settings.app_name}",
        store=TableStore(_table(settings, credential)),
        publisher=BusPublisher(
            _bus(settings, credential),
            topic=settings.event_topic,
            reject_queue=settings.reject_queue,
        ),
        targets=_targets(
            settings, Connections(workspace=connection, history=history, project=project)
        ),
        default_target=settings.default_target,
        clock=clock,
        jitter=random.SystemRandom().random,
        retention=settings.retention,
        lease=settings.lease,
        spread=_Threads(),
        telemetry=telemetry,
        queue=settings.request_queue,
        topic=settings.event_topic,
    )


def _targets(settings: Settings, connections: Connections) -> dict[str, Target]:
    """The targets by alias, each with the kinds of jobs that it runs."""
    return {
        alias: Target(
            alias=alias,
            source=source(target),
            allow=frozenset(map(Override, target.allow)),
            backends=backends(target, connections.of(alias), app_name=settings.app_name),
        )
        for alias, target in settings.targets.items()
    }


def _tokens(credential: DefaultAzureCredential) -> Callable[[str], str]:
    """The text of a token for a scope; the credential keeps tokens and renews them."""

    def token(scope: str) -> str:
        try:
            return credential.get_token(scope).token
        except AzureError as exc:
            # The text of these errors may quote what the identity endpoint said: it stays here.
            name = type(exc).__name__
            text = f"no token for {scope}: {name}"
            hint = "Check the identity of the app (AZURE_CLIENT_ID)."
            raise UnavailableError(text, code=name, clear=True, hint=hint) from None

    return token


def _table(settings: Settings, credential: DefaultAzureCredential) -> TableClient:
    options = client_options(threads=THREADS)
    if settings.table_connection is not None:
        return TableClient.from_connection_string(
            settings.table_connection, settings.table_name, **options
        )
    endpoint = settings.table_endpoint or ""
    return TableClient(endpoint, settings.table_name, credential=credential, **options)


def _bus(settings: Settings, credential: DefaultAzureCredential) -> ServiceBusClient:
    if settings.service_bus_connection is not None:
        return ServiceBusClient.from_connection_string(
            settings.service_bus_connection, retry_total=SENDS
        )
    namespace = settings.service_bus_namespace or ""
    return ServiceBusClient(namespace, credential, retry_total=SENDS)


class _Threads:
    """The Spread port over a small pool of threads."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="jobrelay")

    def __call__(self, act: Callable[[Given], Answer], given: Iterable[Given]) -> list[Answer]:
        # In each thread goes on what the caller is telling operators of.
        tasks = [self._pool.submit(copy_context().run, act, each) for each in given]
        return [task.result() for task in tasks]
