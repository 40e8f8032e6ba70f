"""Telemetry that fails, and telemetry that nobody asked for: the work goes on."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import NoReturn

import pytest

from shared import exporting
from shared.contained import Contained
from shared.flows.cancel import cancel_run
from shared.flows.submit import submit
from shared.signals import SILENT, Attributes, Span, SpanKind
from tests.telemetry import Told
from tests.unit.flows.given import RUN_ID, World, a_message, an_envelope, an_outage
from tests.unit.test_leaks import CANARY
from tests.unit.test_settings import LEAST

ROOT = Path(__file__).parents[2]


class Broken:
    """Telemetry of which every verb raises, but for spans that are given."""

    def __init__(self, span: AbstractContextManager[Span] | None = None) -> None:
        self._span = span

    def span(
        self,
        name: str,
        attributes: Attributes,
        *,
        kind: SpanKind = "internal",
        within: str | None = None,
        links: Iterable[str | None] = (),
    ) -> AbstractContextManager[Span]:
        return self._span or _broken()

    def count(self, name: str, **attributes: str) -> None:
        _broken()

    def record(self, name: str, value: float) -> None:
        _broken()

    def observe(self, name: str, value: float, **attributes: str) -> None:
        _broken()


class BrokenSpan(AbstractContextManager["BrokenSpan"]):
    """A span that opens, and fails at all else."""

    def note(self, attributes: Attributes) -> None:
        _broken()

    def fail(self, code: str) -> None:
        _broken()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _broken()


class Shut(AbstractContextManager[Span]):
    """A span that does not even open, so that nobody may close it."""

    closed = False

    def __enter__(self) -> NoReturn:
        _broken()

    def __exit__(self, *_: object) -> None:
        self.closed = True


def _broken() -> NoReturn:
    raise RuntimeError("telemetry is broken")


BROKEN = [Broken(), Broken(BrokenSpan()), Broken(Shut())]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_failing_telemetry_is_logged_once_and_breaks_nothing(
    broken: Broken, caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    world.services = replace(world.services, telemetry=Contained(broken))
    world.jobs.fail("create", an_outage(clear=True))

    submit(world.services, *a_message())
    submit(world.services, b"no request", an_envelope(2))
    world.poll_for(timedelta(minutes=1))
    cancel_run(world.services, RUN_ID, reason=None)
    world.jobs.becomes(RUN_ID, "Canceled")
    world.poll_for(timedelta(minutes=1))

    assert world.told(RUN_ID)[-1] == "run.cancelled"
    assert world.is_over()
    logged = [record for record in caplog.records if record.name == "shared.contained"]
    assert [record.levelno for record in logged] == [logging.ERROR]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_fails_in_a_block_is_raised_whatever_its_span_does(broken: Broken) -> None:
    telemetry = Contained(broken)

    with pytest.raises(ValueError, match="of the block"), telemetry.span("accept", {}):
        raise ValueError("of the block")


def test_a_span_that_does_not_open_is_not_closed() -> None:
    shut = Shut()

    with Contained(Broken(shut)).span("accept", {}) as span:
        span.note({"jobrelay.target": "demo"})

    assert not shut.closed


def test_what_is_contained_is_told() -> None:
    told = Told()
    telemetry = Contained(told.telemetry)

    with telemetry.span("accept", {"jobrelay.target": "demo"}) as span:
        span.note({"jobrelay.status": "Accepted", "jobrelay.run.id": None})
        span.fail("Http503")
    telemetry.count("jobrelay.requests", outcome="accepted")
    telemetry.observe("jobrelay.runs.oldest", 2.0)
    telemetry.record("jobrelay.event.lag", 3.0)

    assert told.span("accept").attributes == {
        "jobrelay.target": "demo",
        "jobrelay.status": "Accepted",
        "error.type": "Http503",
    }
    assert set(told.metrics()) == {
        "jobrelay.requests",
        "jobrelay.runs.oldest",
        "jobrelay.event.lag",
    }


def test_what_fails_in_a_contained_block_is_told() -> None:
    told = Told()

    with pytest.raises(KeyError), Contained(told.telemetry).span("accept", {}):
        raise KeyError

    assert told.span("accept").attributes == {"error.type": "KeyError"}


@pytest.mark.parametrize("environment", [{}, {"APPLICATIONINSIGHTS_CONNECTION_STRING": ""}])
def test_nothing_is_told_where_no_place_is_named(environment: dict[str, str]) -> None:
    assert exporting.telemetry(environment, app_name="relay") is SILENT


def test_a_place_that_is_none_leaves_the_app_without_telemetry(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in exporting.OF_ITS_OWN:
        monkeypatch.setenv(name, "true")
    environment = {"APPLICATIONINSIGHTS_CONNECTION_STRING": f"InstrumentationKey={CANARY}"}

    telemetry = exporting.telemetry(environment, app_name="relay")

    assert telemetry is SILENT
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("shared.exporting", logging.ERROR)
    assert CANARY not in caplog.text


def test_loading_the_app_without_a_place_imports_no_telemetry() -> None:
    loading = "import function_app, sys; print([m for m in sys.modules if 'telemetry' in m])"

    loaded = subprocess.run(
        [sys.executable, "-c", loading],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **LEAST},
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"
