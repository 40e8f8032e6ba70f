"""Once a day: forget what nobody needs any more."""

import logging

from shared.ports import Services

logger = logging.getLogger(__name__)


def forget(services: Services) -> None:
    """Delete the records of runs past their retention, tombstones and tries past their time."""
    count = services.store.forget(services.clock())
    logger.info("%d rows are forgotten", count)
