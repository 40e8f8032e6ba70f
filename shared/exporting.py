"""Where telemetry goes: Application Insights, when the settings of the host name one."""

import logging
import os
from collections.abc import Mapping

from shared.contained import Contained
from shared.signals import SILENT, Telemetry

logger = logging.getLogger(__name__)

# As the host reads it; the exporter reads APPLICATIONINSIGHTS_AUTHENTICATION_STRING as well, which
# names the identity (learn.microsoft.com/azure/azure-functions/functions-app-settings).
CONNECTION = "APPLICATIONINSIGHTS_CONNECTION_STRING"
SITE = "WEBSITE_SITE_NAME"
# What the exporter would tell its makers of itself, and ask of them.
OF_ITS_OWN = (
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
)


def telemetry(environment: Mapping[str, str], *, app_name: str) -> Telemetry:
    """Who tells operators; nobody, and nothing more is imported, where no place is named.

    It never fails: without telemetry the app works all the same.
    """
    connection = environment.get(CONNECTION)
    if not connection:
        return SILENT
    try:
        return Contained(_insights(connection, environment.get(SITE, app_name)))
    except Exception as exc:  # noqa: BLE001  # whatever it is: runs are worth more than this
        logger.error("there is no telemetry: %s: %s", CONNECTION, type(exc).__name__)
        return SILENT


def _insights(connection: str, role: str) -> Telemetry:
    """The exporter is imported here alone, and reads the environment then."""
    for name in OF_ITS_OWN:
        os.environ.setdefault(name, "true")
    from shared.insights import insights  # noqa: PLC0415

    return insights(connection, role=role)
