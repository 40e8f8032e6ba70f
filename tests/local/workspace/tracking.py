"""What a job needs to log with mlflow: where, and a token that is good for its own run alone.

In a job of the service, too, mlflow needs no word in the script to find its run
(https://learn.microsoft.com/azure/machine-learning/how-to-use-mlflow-configure-tracking). The
variables are those of mlflow-skinny 3 (`environment_variables.py`).
"""

import time
from dataclasses import dataclass

from tests.local import bearer

AUDIENCE = "https://twin/mlflow"
LIFETIME = 21 * 24 * 60 * 60  # seconds; no job lives longer


@dataclass
class Tracking:
    """The tracking service, as jobs reach it; its address is known once it is served."""

    key: str
    path: str
    url: str = ""

    def environment(self, run: str) -> dict[str, str]:
        """Give the variables for one run."""
        token = bearer.issue(
            self.key, audience=AUDIENCE, client_id=run, now=int(time.time()), lifetime=LIFETIME
        )
        return {
            "MLFLOW_TRACKING_URI": f"{self.url}{self.path}",
            "MLFLOW_RUN_ID": run,
            "MLFLOW_TRACKING_TOKEN": token,
            # The certificate is that of the twin itself, on this machine.
            "MLFLOW_TRACKING_INSECURE_TLS": str(self.url.startswith("https:")).lower(),
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
