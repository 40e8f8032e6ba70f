"""Which function answers a request: route templates as the Functions host reads them.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#customize-the-http-endpoint
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from tests.local.host.functions import Function, LoadError

PARAMETER = re.compile(r"\{(\*?)(\w+)(\??)\}")


@dataclass(frozen=True)
class Route:
    """A function, the paths it serves, and the methods."""

    function: Function
    pattern: re.Pattern[str]
    methods: frozenset[str]
    """None at all means any."""
    rank: tuple[int, ...]
    """By kind of segment: a literal comes before a parameter, that before one for all the rest."""

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Give the values of the parameters if this route serves the request."""
        found = self.pattern.fullmatch(path)
        if not found or (self.methods and method not in self.methods):
            return None
        return {name: value for name, value in found.groupdict().items() if value is not None}


class Routes:
    """The routes of an app."""

    def __init__(self, functions: Iterable[Function], prefix: str) -> None:
        """Read the templates; LoadError for one that this host cannot serve."""
        self._routes = sorted(
            (_route(function, prefix) for function in functions), key=lambda route: route.rank
        )

    def find(self, method: str, raw_path: str) -> tuple[Function, dict[str, str]] | None:
        """Give the function for a request and the values in its path.

        The method is a part of the route: a wrong one is answered like a wrong path, not with 405,
        https://github.com/Azure/azure-functions-host/issues/10098.
        """
        path = "/" + _decoded(raw_path).strip("/")
        for route in self._routes:
            values = route.match(method, path)
            if values is not None:
                return route.function, values
        return None


def _route(function: Function, prefix: str) -> Route:
    template = f"{prefix}/{function.options.get('route') or function.name}"
    segments = template.strip("/").split("/")
    return Route(
        function,
        re.compile(
            "".join(_pattern(segment, function.name) for segment in segments), re.IGNORECASE
        ),
        frozenset(method.upper() for method in function.options.get("methods", ())),
        tuple(_rank(segment) for segment in segments),
    )


def _pattern(segment: str, name: str) -> str:
    if "{" not in segment:
        return re.escape(f"/{segment}")
    parameter = PARAMETER.fullmatch(segment)
    if not parameter:
        raise LoadError(
            f"{name}: this host serves {{name}}, {{name?}} and {{*name}}, not {segment!r}"
        )
    rest, parameter_name, optional = parameter.groups()
    value = f"/(?P<{parameter_name}>{'.*' if rest else '[^/]+'})"
    return f"(?:{value})?" if rest or optional else value


def _rank(segment: str) -> int:
    parameter = PARAMETER.fullmatch(segment)
    return 0 if not parameter else 2 if parameter[1] else 1


def _decoded(path: str) -> str:
    """Decode as the web server under the host does, which leaves an encoded slash alone."""
    return "%2F".join(unquote(part) for part in re.split("%2[Ff]", path))
