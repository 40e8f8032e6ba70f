"""What azure-ai-ml makes of the shapes; prints it as one line of JSON.

Each is read as the answer of a workspace is, and written as the client would send it again. Runs in
a process of its own, because the client warns about itself.
"""

import json
import sys
from typing import Any

from azure.ai.ml._restclient.arm_ml_service._utils.model_base import SdkJSONEncoder
from azure.ai.ml._restclient.arm_ml_service.models import JobBase
from azure.ai.ml.entities import Job, QueueSettings
from azure.ai.ml.entities._builders import BaseNode
from azure.ai.ml.exceptions import ValidationException
from azure.ai.ml.sweep import SweepJob

from shared.ports import Json
from tests.jobs import ID
from tests.shapes import NAMES, shape


def tell() -> dict[str, Json]:
    """Read and write every shape."""
    return {name: read_and_written(name) for name in NAMES}


def read_and_written(name: str) -> Json:
    """Give what comes back of a shape: its properties, or why the client does not write them."""
    resource = {"id": f"{ID}/jobs/{name}", "name": name, "properties": shape(name)}
    job = Job._from_rest_object(JobBase(resource))
    try:
        body: Json = json.loads(json.dumps(writable(job)._to_rest_object(), cls=SdkJSONEncoder))
    except ValidationException as exc:
        return {"refused": exc.message}
    properties: Json = body["properties"]
    return properties


def writable(job: Any) -> Any:
    """Give a job that was read in the form in which the client writes it."""
    if isinstance(job, SweepJob):
        # It reads them into a model that it cannot write.
        as_read: Any = job.queue_settings
        job.queue_settings = QueueSettings._from_rest_object(as_read)
    # It reads commands and Spark jobs as nodes of pipelines, and sends them as jobs.
    return job._to_job() if isinstance(job, BaseNode) else job


if __name__ == "__main__":
    sys.stdout.write(json.dumps(tell()))
