from typing import Any

import pytest

from tests.local.host.functions import HTTP, Function, LoadError
from tests.local.host.routes import Routes


def a_function(name: str = "f", **options: Any) -> Function:
    """Make a function with an HTTP trigger."""
    return Function(name, lambda request: None, HTTP, "request", options)


def found(routes: Routes, path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
    """Give the name of the function for a request, and the values in its path."""
    match = routes.find(method, path)
    return match and (match[0].name, match[1])


def test_a_function_without_a_route_is_at_its_name() -> None:
    routes = Routes([a_function("health")], "api")

    assert found(routes, "/api/health") == ("health", {})


def test_the_prefix_may_be_empty() -> None:
    routes = Routes([a_function("health")], "")

    assert found(routes, "/health") == ("health", {})


def test_case_and_a_last_slash_make_no_difference() -> None:
    routes = Routes([a_function(route="Runs")], "api")

    assert found(routes, "/API/runs/") == ("f", {})


def test_a_parameter_takes_one_segment() -> None:
    routes = Routes([a_function(route="runs/{runId}/cancel")], "api")

    assert found(routes, "/api/runs/a%20b/cancel") == ("f", {"runId": "a b"})
    assert found(routes, "/api/runs/a/b/cancel") is None
    assert found(routes, "/api/runs//cancel") is None


def test_an_encoded_slash_does_not_end_a_segment() -> None:
    routes = Routes([a_function(route="runs/{runId}")], "api")

    assert found(routes, "/api/runs/..%2fjobs") == ("f", {"runId": "..%2Fjobs"})


def test_an_optional_parameter_may_be_left_out() -> None:
    routes = Routes([a_function(route="runs/{runId?}")], "api")

    assert found(routes, "/api/runs") == ("f", {})
    assert found(routes, "/api/runs/a") == ("f", {"runId": "a"})


def test_a_parameter_for_the_rest_takes_all_of_it() -> None:
    routes = Routes([a_function(route="files/{*path}")], "api")

    assert found(routes, "/api/files/a/b") == ("f", {"path": "a/b"})


def test_a_literal_comes_before_a_parameter() -> None:
    routes = Routes([a_function("one", route="{name}"), a_function("two", route="all")], "api")

    assert found(routes, "/api/all") == ("two", {})


def test_the_wrong_method_finds_nothing() -> None:
    routes = Routes([a_function(route="runs", methods=["POST"])], "api")

    assert found(routes, "/api/runs", "GET") is None
    assert found(routes, "/api/runs", "POST") == ("f", {})


def test_one_path_may_have_a_function_for_each_method() -> None:
    routes = Routes(
        [
            a_function("get", route="runs", methods=["GET"]),
            a_function("post", route="runs", methods=["POST"]),
        ],
        "api",
    )

    assert found(routes, "/api/runs", "POST") == ("post", {})


def test_a_constraint_is_refused() -> None:
    with pytest.raises(LoadError, match="id:int"):
        Routes([a_function(route="runs/{id:int}")], "api")
