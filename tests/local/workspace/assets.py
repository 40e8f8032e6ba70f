"""What the workspace knows besides jobs: a few computes and environments, code, datastores."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.local.workspace.datastores import Datastores
from tests.local.workspace.ids import Child, Scope
from tests.local.workspace.refusals import RefusedError, bad_request
from tests.local.workspace.schema import Json

CURATED = {"azureml-sklearn-1.5", "azureml-acpt-pytorch-2.8-cuda12.6", "azureml-automl"}
# Both name what Microsoft keeps for everyone; any version and label of it exists.
REGISTRY = re.compile(
    r"azureml://registries/azureml/environments/([^/]+)/(?:versions|labels)/[^/]+", re.IGNORECASE
)
SHORT = re.compile(r"azureml:([^:@/]+)(?:[:@][^:@/]+)?", re.IGNORECASE)


@dataclass
class Assets:
    """What jobs may name; everything else is refused."""

    scope: Scope
    datastores: Datastores
    computes: set[str] = field(default_factory=lambda: {"cpu-cluster", "gpu-cluster", "serverless"})
    environments: dict[str, set[str]] = field(
        default_factory=lambda: {"sklearn": {"1", "2"}, "pytorch": {"1"}}
    )
    codes: dict[tuple[str, str], Path] = field(default_factory=dict)
    components: dict[tuple[str, str], Json] = field(default_factory=dict)

    def check_compute(self, compute_id: str) -> None:
        """Refuse a compute that is not in the workspace."""
        compute = self._child(compute_id, "computes", "computeId")
        if compute.name.lower() not in self.computes:
            raise bad_request(
                f"There is no compute {compute.name!r} in the workspace.", "ComputeNotFound"
            )

    def check_environment(self, environment_id: str) -> None:
        """Refuse an environment that is neither in the workspace nor curated."""
        named = REGISTRY.fullmatch(environment_id) or SHORT.fullmatch(environment_id)
        if named:
            self._check_curated(named[1])
            return
        environment = self._child(environment_id, "environments", "environmentId")
        if environment.name.lower() in CURATED:
            return
        if environment.version not in self.environments.get(environment.name, set()):
            raise _no_environment(f"{environment.name}:{environment.version}")

    def code(self, code_id: str) -> Path:
        """Give the folder of a code version; refuse one that is not there."""
        code = self._child(code_id, "codes", "codeId")
        folder = self.codes.get((code.name, code.version or ""))
        if folder is None:
            raise bad_request(
                f"There is no code {code.name!r} of version {code.version!r}.", "CodeNotFound"
            )
        return folder

    def _check_curated(self, name: str) -> None:
        if name.lower() not in CURATED:
            raise _no_environment(name)

    def _child(self, resource_id: str, kind: str, property_name: str) -> Child:
        child = self.scope.child(resource_id)
        if child is None or child.kind != kind:
            text = f"{property_name}: {resource_id!r} is none of the {kind} of this workspace."
            raise bad_request(text, "ArgumentInvalid")
        return child


def _no_environment(name: str) -> RefusedError:
    return bad_request(f"There is no environment {name!r}.", "EnvironmentNotFound")
