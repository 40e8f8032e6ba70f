"""The functions of an app, found and refused as Microsoft's worker finds and refuses them."""

import importlib
import inspect
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure.functions import FunctionRegister

MODULE = "function_app"
RETURN = "$return"
SERVICE_BUS, TIMER, HTTP = "serviceBusTrigger", "timerTrigger", "httpTrigger"
TRIGGERS = (SERVICE_BUS, TIMER, HTTP)


class LoadError(Exception):
    """The app does not load; as in Azure, none of its functions runs then."""


@dataclass(frozen=True)
class Function:
    """One function: its code, its trigger, and what it may return."""

    name: str
    code: Callable[..., Any]
    trigger: str
    parameter: str
    options: Mapping[str, Any]
    """The options of the trigger as the host sees them: names in camelCase, values of JSON."""
    returns: bool = False

    @property
    def is_async(self) -> bool:
        """Whether it runs on the loop, not in a thread."""
        return inspect.iscoroutinefunction(self.code)


def load(directory: Path) -> list[Function]:
    """Import function_app.py and list its functions; LoadError when Azure would load none."""
    if not (directory / f"{MODULE}.py").is_file():
        raise LoadError(f"there is no {MODULE}.py in {directory}")
    sys.path.insert(0, str(directory))
    try:
        module = importlib.import_module(MODULE)
    except Exception as exc:
        raise LoadError(f"{MODULE}.py does not import: {type(exc).__name__}: {exc}") from exc
    return [_function(declared) for declared in _declared(_app(module))]


def _app(module: object) -> FunctionRegister:
    apps = {
        id(value): value for value in vars(module).values() if isinstance(value, FunctionRegister)
    }
    if len(apps) != 1:
        raise LoadError(f"{MODULE}.py has {len(apps)} function apps at module level, not one")
    return next(iter(apps.values()))


def _declared(app: FunctionRegister) -> list[Any]:
    """List the functions of an app; a second call for the same app would refuse its own names."""
    try:
        return list(app.get_functions())
    except ValueError as exc:
        raise LoadError(str(exc)) from exc


def _function(declared: Any) -> Function:
    name, code = declared.get_function_name(), declared.get_user_function()
    bindings = [json.loads(raw) for raw in declared.get_raw_bindings()]
    triggers = [binding for binding in bindings if binding["type"] in TRIGGERS]
    others = [
        b for b in bindings if b not in triggers and (b["type"], b["name"]) != ("http", RETURN)
    ]
    if others or len(triggers) != 1:
        played = f"one of {', '.join(TRIGGERS)}, and http as {RETURN}"
        raise LoadError(
            f"{name}: this host plays {played}, not {[binding['type'] for binding in bindings]}"
        )
    trigger = triggers[0]
    function = Function(
        name=name,
        code=code,
        trigger=trigger["type"],
        parameter=trigger["name"],
        options=trigger,
        returns=len(bindings) > len(triggers),
    )
    _check_parameters(function)
    _check_options(function)
    return function


def _check_parameters(function: Function) -> None:
    """Refuse a parameter that no binding fills, even one with a default: the worker does."""
    declared = list(inspect.signature(function.code).parameters)
    if declared != [function.parameter]:
        raise LoadError(
            f"{function.name}: its parameters are {declared}, not {function.parameter} alone"
        )


def _check_options(function: Function) -> None:
    options = function.options
    if options.get("cardinality", "ONE") != "ONE" or options.get("isSessionsEnabled", False):
        raise LoadError(f"{function.name}: this host plays neither batches nor sessions")
    if options.get("autoCompleteMessages", True) is not True:
        raise LoadError(f"{function.name}: autoCompleteMessages must be on")
