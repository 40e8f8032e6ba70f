"""Who may call, where Microsoft Entra stands before the routes."""

import base64
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import azure.functions as func
import pytest

from shared.flows.submit import submit
from tests.unit.flows.given import RUN_ID, World, a_message
from tests.unit.test_settings import LEAST

Route = Callable[[func.HttpRequest], func.HttpResponse]
CANCELS = ["cancel_run", "cancel_request"]
OTHERS = [
    "get_run",
    "get_section",
    "get_metric",
    "list_templates",
    "validate_request",
    "health",
]


@pytest.fixture(scope="module")
def app() -> Iterator[ModuleType]:
    """Import the app as it is deployed behind Microsoft Entra."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**LEAST, "HTTP_AUTH": "entra"}.items():
            patch.setenv(name, value)
        patch.delitem(sys.modules, "function_app", raising=False)
        yield importlib.import_module("function_app")
        sys.modules.pop("function_app", None)


@pytest.fixture
def world(app: ModuleType) -> World:
    """Put the app over fakes, with a run that has just been submitted."""
    world = World()
    submit(world.services, *a_message())
    app.services.use(world.services)
    return world


def a_principal(*roles: str, **changes: Any) -> str:
    """What the platform writes of a caller."""
    claims = [{"typ": "name", "val": "Ada"}, *({"typ": "roles", "val": role} for role in roles)]
    said = {"auth_typ": "aad", "claims": claims, "role_typ": "roles", **changes}
    return base64.b64encode(json.dumps(said).encode()).decode()


def status(app: ModuleType, route: str, principal: str | None = None) -> int:
    """What a call is answered with."""
    headers = {} if principal is None else {"x-ms-client-principal": principal}
    call = func.HttpRequest(
        "POST" if route in CANCELS else "GET",
        "https://relay.example/api",
        headers=headers,
        route_params={
            "runId": RUN_ID,
            "requestId": "order-99",
            "section": "services",
            "name": "loss",
            "alias": "demo",
        },
        body=b"",
    )
    answered: Route = getattr(app, route).build().get_user_function()
    return int(answered(call).status_code)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("route", [*CANCELS, *OTHERS])
@pytest.mark.parametrize("principal", [None, "", "e30", "%%%", "W10=", "bnVsbA=="])
def test_who_is_not_named_is_not_let_in(app: ModuleType, route: str, principal: str | None) -> None:
    assert status(app, route, principal) == 401


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("route", CANCELS)
@pytest.mark.parametrize(
    "principal",
    [
        a_principal(),
        a_principal("Runs.Read"),
        a_principal("runs.cancel"),
        a_principal(claims=None),
        a_principal(claims=[None, {"typ": "name", "val": "Runs.Cancel"}]),
    ],
)
def test_a_cancel_wants_its_role(app: ModuleType, route: str, principal: str) -> None:
    assert status(app, route, principal) == 403


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("route", CANCELS)
def test_who_has_the_role_may_cancel(app: ModuleType, route: str) -> None:
    assert status(app, route, a_principal("Runs.Read", "Runs.Cancel")) == 202


@pytest.mark.usefixtures("world")
def test_the_claim_of_roles_may_have_another_name(app: ModuleType) -> None:
    claims = [{"typ": "urn:role", "val": "Runs.Cancel"}]

    principal = a_principal(claims=claims, role_typ="urn:role")

    assert status(app, "cancel_run", principal) == 202


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("route", OTHERS)
def test_all_else_wants_no_role(app: ModuleType, route: str) -> None:
    assert status(app, route, a_principal()) not in {401, 403}


def test_a_key_is_not_asked_for(app: ModuleType) -> None:
    bindings = [
        each for made in app.app.get_functions() for each in made.get_bindings_dict()["bindings"]
    ]

    levels = {str(each["authLevel"]) for each in bindings if each["type"] == "httpTrigger"}
    assert [level.lower().rpartition(".")[2] for level in levels] == ["anonymous"]
