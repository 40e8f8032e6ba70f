"""The parts of a job beside its recipe: inputs, outputs, machines, processes, limits, services."""

from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    Tag,
    ValidationInfo,
    model_validator,
)

from tests.local.foundry.model.schema import (
    Amount,
    Body,
    Count,
    Duration,
    Name,
    Port,
    Surface,
    Text,
    Words,
    kind,
    only,
    surface_of,
)

MODES = Words("read_only_mount", "read_write_mount", "download", "direct", "upload")
ASSETS = ("uri_file", "uri_folder", "safetensors_model")
TYPES = Words(*ASSETS, "literal", camel={word: word for word in (*ASSETS, "literal")})
# azd's extension for training (0.0.3-preview) writes these for modes.
SHORT_MODES = {"ro_mount": "read_only_mount", "rw_mount": "read_write_mount"}
DISTRIBUTIONS = Words(
    "pytorch",
    "mpi",
    "tensorflow",
    "ray",
    is_open=False,
    camel={"pytorch": "PyTorch", "tensorflow": "TensorFlow"},
)
LIMITS = Words("command", is_open=False)
NODES = Words("all", is_open=False)
SERVICES = Words("studio", "tracking")


def _mode(value: Any, info: ValidationInfo) -> Any:
    is_short = surface_of(info) is Surface.JOBS and isinstance(value, str)
    return MODES.read(SHORT_MODES.get(value, value) if is_short else value, info)


Mode = Annotated[str, BeforeValidator(_mode), PlainSerializer(MODES.write)]
AssetType = Annotated[str, BeforeValidator(TYPES.read), PlainSerializer(TYPES.write)]
DistributionType = Annotated[
    str, BeforeValidator(DISTRIBUTIONS.read), PlainSerializer(DISTRIBUTIONS.write)
]


class Input(Body):
    """A value, or the address of a file, a folder or a model."""

    job_input_type: AssetType
    uri: Text | None = None
    mode: Mode | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _has_what_its_type_asks_for(self) -> "Input":
        is_literal = self.job_input_type == "literal"
        if is_literal and (self.value is None or self.uri is not None):
            raise ValueError("a literal has a value and no uri")
        if self.job_input_type in ASSETS and (self.uri is None or self.value is not None):
            raise ValueError(f"an input of type {self.job_input_type} has a uri and no value")
        if self.uri is None and self.value is None:
            raise ValueError("an input has a uri or a value")
        return self


class Output(Body):
    """Where a result goes, and the asset that it becomes."""

    job_output_type: AssetType
    mode: Mode | None = None
    asset_name: Name | None = None
    asset_version: Name | None = None
    uri: Text | None = None
    base_model_id: str | None = None
    description: str | None = None

    @model_validator(mode="after")
    def _is_no_value(self) -> "Output":
        if self.job_output_type == "literal":
            raise ValueError("an output is no literal")
        return self


class PyTorch(Body):
    """Processes started for torch.distributed."""

    distribution_type: DistributionType
    process_count_per_instance: Count | None = None


class Mpi(Body):
    """Processes started by MPI; `jobs` counts them under another name."""

    distribution_type: DistributionType
    process_count_per_node: Annotated[Count | None, Field(alias="processCountPerInstance")] = None


class TensorFlow(Body):
    """Processes started for tf.distribute."""

    distribution_type: DistributionType
    worker_count: Count | None = None
    parameter_server_count: Amount | None = None


class Ray(Body):
    """A Ray cluster."""

    distribution_type: DistributionType
    port: Port | None = None
    address: str | None = None
    include_dashboard: bool | None = None
    dashboard_port: Port | None = None
    head_node_additional_args: str | None = None
    worker_node_additional_args: str | None = None
    enable_remote_access_client_server: bool | None = None
    client_server_port: Port | None = None


Distribution = Annotated[
    Annotated[PyTorch, Tag("<pytorch>")]
    | Annotated[Mpi, Tag("<mpi>")]
    | Annotated[TensorFlow, Tag("<tensorflow>")]
    | Annotated[Ray, Tag("<ray>")],
    kind("distribution_type"),
]


class Resources(Body):
    """The machines of a job."""

    instance_count: Count | None = None
    instance_type: str | None = None
    properties: dict[str, Any] | None = None
    shm_size: Annotated[str, Field(pattern=r"^[1-9]\d*[bkmg]$")] | None = None
    docker_args: str | None = None


class Limits(Body):
    """How long a job may run; after that it is cancelled."""

    job_limits_type: Annotated[str, BeforeValidator(LIMITS.read), PlainSerializer(LIMITS.write)]
    timeout: Duration | None = None

    @model_validator(mode="before")
    @classmethod
    def _type_goes_without_saying(cls, sent: Any, info: ValidationInfo) -> Any:
        """Take limits without a type on `jobs`: azd's extension for training sends none."""
        if surface_of(info) is Surface.JOBS and isinstance(sent, dict):
            return {"jobLimitsType": "Command", **sent}
        return sent


class QueueSettings(Body):
    """How urgent a job is."""

    job_tier: str | None = None
    priority: Annotated[str | None, only(Surface.JOBS)] = None


class Nodes(Body):
    """The nodes on which a service is started."""

    nodes_value_type: Annotated[str, BeforeValidator(NODES.read), PlainSerializer(NODES.write)]


class Service(Body):
    """A service beside the job, such as SSH."""

    job_service_type: (
        Annotated[str, BeforeValidator(SERVICES.read), PlainSerializer(SERVICES.write)] | None
    ) = None
    port: Port | None = None
    endpoint: str | None = None
    properties: dict[str, Any] | None = None
    nodes: Nodes | None = None
