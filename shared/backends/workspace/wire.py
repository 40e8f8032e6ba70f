"""How an inline job is read: in the service's own words, with short names made whole ids.

Names, words and what is required are those of api-version 2024-10-01:
learn.microsoft.com/azure/templates/microsoft.machinelearningservices/2024-10-01/workspaces/jobs.
Words are taken in any case, because Microsoft's own clients send some in lower case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from shared.backends.workspace import arm
from shared.backends.workspace.arm import Workspace

PREVIEW = "-preview"


@dataclass(frozen=True)
class Scope:
    """What an inline job is read for: its context."""

    workspace: Workspace
    api_version: str


@dataclass(frozen=True)
class Since:
    """A field that stable api-versions have from this date on."""

    date: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def known(value: object, info: Any) -> object:
            version = scope(info).api_version
            if value is not None and version.removesuffix(PREVIEW) < self.date:
                raise ValueError(
                    f"nothing: api-version {version} has no such field. An operator may set "
                    f"ARM_API_VERSION to {self.date}"
                )
            return value

        return core_schema.with_info_before_validator_function(known, handler(source))


def scope(info: ValidationInfo) -> Scope:
    """What the job is read for."""
    if not isinstance(info.context, Scope):
        raise TypeError("an inline job is read for a workspace")
    return info.context


def _placed(read: Callable[[str], str]) -> AfterValidator:
    """An id, or a short name that becomes one."""

    def whole(text: str, info: ValidationInfo) -> str:
        return scope(info).workspace.whole(read(text))

    return AfterValidator(whole)


Place = Annotated[str, Field(min_length=1, max_length=1000)]
ComputeId = Annotated[Place, _placed(arm.compute)]
EnvironmentId = Annotated[Place, _placed(arm.environment)]
CodeId = Annotated[Place, _placed(arm.code)]
ComponentId = Annotated[Place, _placed(arm.component)]
# What a workspace has of data and models.
TypeOfAsset = Literal[
    "uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model"
]
