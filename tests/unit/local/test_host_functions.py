import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.host.functions import MODULE, Function, LoadError, load

HEAD = "import azure.functions as func\napp = func.FunctionApp()\n"
TIMER = '@app.timer_trigger("timer", schedule="%S%")\n'


@pytest.fixture(autouse=True)
def _own_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo the import of the app."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = sys.modules.pop(MODULE, None)
    yield
    sys.modules.pop(MODULE, None)
    if before:
        sys.modules[MODULE] = before


def loaded(folder: Path, code: str) -> list[Function]:
    """Load an app of this code."""
    (folder / f"{MODULE}.py").write_text(HEAD + code)
    return load(folder)


def test_a_function_has_its_trigger_and_its_options(tmp_path: Path) -> None:
    (function,) = loaded(tmp_path, f"{TIMER}async def f(timer: func.TimerRequest) -> None: ...")

    assert (function.name, function.trigger, function.parameter) == ("f", "timerTrigger", "timer")
    assert function.options["schedule"] == "%S%"
    assert (function.is_async, function.returns) == (True, False)


def test_an_app_may_have_no_functions(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == []


def test_a_folder_without_an_app_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"no function_app\.py"):
        load(tmp_path)


BATCH = '@app.service_bus_queue_trigger("m", "c", "q", cardinality=func.Cardinality.MANY)\n'
SESSIONS = '@app.service_bus_queue_trigger("m", "c", "q", is_sessions_enabled=True)\n'
BY_HAND = '@app.service_bus_queue_trigger("m", "c", "q", auto_complete_messages=False)\n'
OUTPUT = '@app.service_bus_queue_output("$return", "c", "q")\n'


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("other = func.FunctionApp()", "2 function apps"),
        ("del app", "0 function apps"),
        (f"{TIMER}def f(timer, limit=3): ...", "limit"),
        (f"{TIMER}def f(): ...", "timer"),
        (f"{TIMER}def f(timer): ...\n{TIMER}def f(timer): ...", "unique"),
        (f"{BATCH}def f(m): ...", "batches"),
        (f"{SESSIONS}def f(m): ...", "sessions"),
        (f"{BY_HAND}def f(m): ...", "autoCompleteMessages"),
        (f"{OUTPUT}{TIMER}def f(timer): ...", "serviceBus"),
        ('@app.blob_trigger("b", "p", "c")\ndef f(b): ...', "blobTrigger"),
    ],
)
def test_an_app_does_not_load_with(tmp_path: Path, code: str, complaint: str) -> None:
    with pytest.raises(LoadError, match=complaint):
        loaded(tmp_path, code)
