"""The parts of a training job beside its recipe, inputs and outputs (see `wire`)."""

import re
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from shared.backends.fields import ANY_CASE, Count, Seconds, Text, kind, member, of_form
from shared.backends.foundry.wire import Amount, Free, Port, ReadOnly, Said
from shared.backends.foundry.words import SERVICES
from shared.messages.fields import shown

SHARED_MEMORY = re.compile("[1-9][0-9]{0,17}[bkmg]")

SharedMemory = Annotated[
    str,
    of_form(SHARED_MEMORY, "a whole number above 0 with its unit b, k, m or g, like 2g"),
    shown(SHARED_MEMORY),
]


class PyTorchProcesses(Said):
    """Processes started for torch.distributed."""

    distribution_type: Annotated[Literal["pytorch"], ANY_CASE] = Field(description="PyTorch.")
    process_count_per_instance: Count | None = Field(None, description="Processes per machine.")


class MpiProcesses(Said):
    """Processes started by MPI."""

    distribution_type: Annotated[Literal["mpi"], ANY_CASE] = Field(description="MPI.")
    process_count_per_node: Count | None = Field(None, description="Processes per machine.")


class TensorFlowTasks(Said):
    """Processes started for tf.distribute."""

    distribution_type: Annotated[Literal["tensorflow"], ANY_CASE] = Field(description="TensorFlow.")
    worker_count: Count | None = Field(None, description="Workers; absent: one per machine.")
    parameter_server_count: Amount | None = Field(None, description="Parameter servers.")


class RayCluster(Said):
    """A cluster of Ray."""

    distribution_type: Annotated[Literal["ray"], ANY_CASE] = Field(description="Ray.")
    port: Port | None = Field(None, description="Port of the head.")
    address: Text | None = Field(None, description="Address of the head.")
    include_dashboard: bool | None = Field(None, description="Whether there is a dashboard.")
    dashboard_port: Port | None = Field(None, description="Port of the dashboard.")
    head_node_additional_args: str | None = Field(None, description="Arguments of the head.")
    worker_node_additional_args: str | None = Field(None, description="Arguments of a worker.")
    enable_remote_access_client_server: bool | None = Field(
        None, description="Whether a Ray client can reach it from outside."
    )
    client_server_port: Port | None = Field(
        None, description="Port for that client; absent: 10001."
    )


Processes = Annotated[
    Annotated[PyTorchProcesses, Tag(member("pytorch"))]
    | Annotated[MpiProcesses, Tag(member("mpi"))]
    | Annotated[TensorFlowTasks, Tag(member("tensorflow"))]
    | Annotated[RayCluster, Tag(member("ray"))],
    Discriminator(
        kind("distribution_type"),
        custom_error_type="kind",
        custom_error_message=(
            "an object whose distribution_type is pytorch, mpi, tensorflow or ray"
        ),
    ),
]


class Machines(Said):
    """The machines of a job."""

    instance_count: Count | None = Field(None, description="How many machines.")
    instance_type: Text | None = Field(
        None, description="Which machines, where the compute has a choice."
    )
    properties: Free | None = Field(None, description="What else the compute knows.")
    shm_size: SharedMemory | None = Field(
        None, description="Shared memory of the container, like 2g."
    )
    docker_args: str | None = Field(None, description="Further arguments of `docker run`.")


class TimeLimit(Said):
    """How long a job may run."""

    job_limits_type: Annotated[Literal["command"], ANY_CASE] = Field(
        "command", description="That these are the limits of a command."
    )
    timeout: Seconds | None = Field(None, description="After this the service cancels it.")


class Urgency(Said):
    """How urgent the job is."""

    job_tier: Text | None = Field(None, description="The tier that the job queues in.")


class OnNodes(Said):
    """On which machines an endpoint is."""

    nodes_value_type: Annotated[Literal["all"], ANY_CASE] = Field(description="On all.")


class Endpoint(Said):
    """Something that can be reached while the job runs; profile `jobs` alone has it."""

    job_service_type: Annotated[Text, SERVICES] | None = Field(None, description="Its kind.")
    port: Port | None = Field(None, description="Its port.")
    endpoint: Text | None = Field(None, description="Its address.")
    properties: Free | None = Field(None, description="What its kind knows.")
    nodes: OnNodes | None = Field(None, description="Where it runs; absent: on the first machine.")
    status: ReadOnly = Field(None, description="Said by the service alone.")
    error_message: ReadOnly = Field(None, description="Said by the service alone.")
