"""The control routes of the bus: faults on demand, and entities made and looked at by tests.

POST   /twin/faults      {"match": {"operation"?, "name"?}, "fault": {"kind", …}, "times"?}
DELETE /twin/faults
GET    /twin/faults      how many are still to come
GET    /twin/entities
POST   /twin/entities    {"kind": "queue" | "topic" | "subscription", "name", "topic"?, …properties}
DELETE /twin/entities/{path}
"""

import json
from collections.abc import Callable, Collection
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.local.bus.broker import Entity
from tests.local.bus.building import ensure
from tests.local.bus.bus import Bus
from tests.local.bus.errors import BusError
from tests.local.bus.filters.values import is_number
from tests.local.bus.topology import TopologyError
from tests.local.web import CONTROL, HOSTS, refused

OPERATIONS = {"send", "receive", "settle"}
KINDS = {"latency", "status", "reset"}


def application(bus: Bus, *, end_links: Callable[[Collection[str]], None]) -> web.Application:
    """Make the routes of one bus; `end_links` ends what clients have open to entities that go."""
    routes = _Routes(bus, end_links)
    app = web.Application(middlewares=[_guarded])
    app.router.add_post(f"{CONTROL}/faults", routes.add_fault)
    app.router.add_delete(f"{CONTROL}/faults", routes.clear_faults)
    app.router.add_get(f"{CONTROL}/faults", routes.count_faults)
    app.router.add_get(f"{CONTROL}/entities", routes.entities)
    app.router.add_post(f"{CONTROL}/entities", routes.make_entity)
    app.router.add_delete(f"{CONTROL}/entities/{{path:.+}}", routes.remove_entity)
    return app


class _Routes:
    def __init__(self, bus: Bus, end_links: Callable[[Collection[str]], None]) -> None:
        self._bus = bus
        self._end_links = end_links

    async def add_fault(self, request: web.Request) -> web.Response:
        """Let something go wrong."""
        self._bus.faults.add(_fault(await _json(request)))
        return web.Response(status=204)

    async def count_faults(self, request: web.Request) -> web.Response:
        """Tell how many faults are still to come."""
        return web.json_response({"pending": self._bus.faults.pending})

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Let nothing go wrong any more."""
        self._bus.faults.clear()
        return web.Response(status=204)

    async def entities(self, request: web.Request) -> web.Response:
        """Show what is there, and how many messages in it."""
        self._bus.attend()
        return web.json_response(
            {"entities": [_shown(entity) for entity in self._bus.broker.entities()]}
        )

    async def make_entity(self, request: web.Request) -> web.Response:
        """Make an entity, or find it made."""
        is_new = ensure(self._bus.broker, await _json(request))
        return web.Response(status=201 if is_new else 200)

    async def remove_entity(self, request: web.Request) -> web.Response:
        """Take an entity away."""
        gone = self._bus.broker.remove(request.match_info["path"])
        self._end_links({entity.path.lower() for entity in gone})
        return web.Response(status=204)


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign hosts, as a page in a browser would name, and say what was wrong."""
    if request.host.rpartition(":")[0] not in HOSTS:
        return web.Response(status=403, text=f"host {request.host!r} is not served here")
    try:
        return await handler(request)
    except (TopologyError, ValueError) as exc:
        return refused(str(exc))
    except BusError as exc:
        return web.json_response({"error": str(exc)}, status=exc.status)


async def _json(request: web.Request) -> dict[str, Any]:
    spec = json.loads(await request.text())
    if not isinstance(spec, dict):
        raise ValueError("a JSON object is expected")
    return spec


def _fault(spec: dict[str, Any]) -> dict[str, Any]:
    """Check a fault, and write its name as entities are known here: in lower case."""
    match, fault = _part(spec, "match"), _part(spec, "fault")
    _only(spec, {"match", "fault", "times"}, "the fault")
    _only(match, {"operation", "name"}, "match")
    _only(fault, {"kind", "seconds", "headers", "when"}, "fault")
    if match.get("operation") not in {None, *OPERATIONS}:
        raise ValueError(
            f"match.operation is one of {sorted(OPERATIONS)}, not {match['operation']!r}"
        )
    if fault.get("kind") not in KINDS:
        raise ValueError(f"fault.kind is one of {sorted(KINDS)}, not {fault.get('kind')!r}")
    _check_values(fault, spec.get("times", 1))
    return {
        **spec,
        "match": {
            **match,
            "name": None if match.get("name") is None else str(match["name"]).lower(),
        },
    }


def _check_values(fault: dict[str, Any], times: object) -> None:
    if not is_number(fault.get("seconds", 0)):
        raise ValueError(f"fault.seconds is a number, not {fault['seconds']!r}")
    if not all(isinstance(text, str) for text in _part(fault, "headers").values()):
        raise ValueError("fault.headers has texts only")
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise ValueError(f"times is a whole number from 1 on, not {times!r}")


def _part(spec: dict[str, Any], name: str) -> dict[str, Any]:
    part = spec.get(name, {})
    if not isinstance(part, dict):
        raise ValueError(f"{name} is an object, not {json.dumps(part)}")
    return part


def _only(spec: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(spec) - known):
        raise ValueError(f"{where} has no {unknown[0]!r}, only {', '.join(sorted(known))}")


def _shown(entity: Entity) -> dict[str, Any]:
    """Count as ARM does; nothing is ever forwarded, so nothing waits for that."""
    scheduled = len(entity.entrance.scheduled()) if entity.entrance else 0
    shown: dict[str, Any] = {"path": entity.path, "scheduled": scheduled}
    if entity.store is not None:
        dead_letters = entity.store.dead_letters
        dead = dead_letters.counts() if dead_letters else {}
        shown |= {
            **entity.store.counts(),
            "deadLetter": dead.get("active", 0) + dead.get("deferred", 0),
        }
        shown |= {"transfer": 0, "transferDeadLetter": 0}
    return shown
