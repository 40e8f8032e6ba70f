"""Does everything answer that the app needs?"""

from collections.abc import Callable, Mapping

from shared.errors import UnavailableError
from shared.ports import Services


def health(services: Services) -> dict[str, str]:
    """Each dependency by name, with `ok` or why it does not answer."""
    return dict(services.spread(_state, _dependencies(services).items()))


def _dependencies(services: Services) -> Mapping[str, Callable[[], None]]:
    """What to ask: the table, the bus, and each target once."""
    targets = {
        f"target {target.alias}": next(iter(target.backends.values())).ping
        for target in services.targets.values()
        if target.backends
    }
    return {"table": services.store.ping, "bus": services.publisher.ping, **targets}


def _state(dependency: tuple[str, Callable[[], None]]) -> tuple[str, str]:
    name, ping = dependency
    try:
        ping()
    except UnavailableError as failure:
        return name, failure.code
    return name, "ok"
