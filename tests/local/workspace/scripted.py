"""Jobs whose work is only played: they walk through their statuses and leave a file saying so."""

from tests.local.workspace import bindings
from tests.local.workspace.assets import Assets
from tests.local.workspace.schema import Json
from tests.local.workspace.site import Site
from tests.local.workspace.state import Failure, Job

LEFT = "The twin only plays this job; a real one would leave its result here.\n"
NAME = "played.txt"  # in an output that is a folder


def check(definition: Json, assets: Assets) -> None:
    """Refuse a definition that names what is not there."""
    if "computeId" in definition:
        assets.check_compute(definition["computeId"])
    if "environmentId" in definition:
        assets.check_environment(definition["environmentId"])
    for uri in bindings.addresses(definition):
        assets.datastores.path(uri)


def play(job: Job, site: Site) -> Failure | None:
    """Leave a file in every output, and a log."""
    for output in bindings.outputs_of(job).values():
        place = site.assets.datastores.path(output["uri"])
        file = place if output["jobOutputType"] == "uri_file" else place / NAME
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(LEFT)
    site.log(job).write_text(LEFT)
    return None
