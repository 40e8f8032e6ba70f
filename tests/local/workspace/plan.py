"""A pipeline laid out: what flows into and out of each node, and so the job that each becomes."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic.alias_generators import to_camel

from tests.local.workspace.assets import Assets
from tests.local.workspace.command import CommandJob
from tests.local.workspace.components import Port
from tests.local.workspace.datastores import default_output
from tests.local.workspace.ids import short_id
from tests.local.workspace.nodes import OUTPUT_OF_A_NODE, Given, Step, Wanted, at, names
from tests.local.workspace.parts import ASSETS
from tests.local.workspace.placeholders import PLACEHOLDER
from tests.local.workspace.refusals import RefusedError, bad_request
from tests.local.workspace.schema import Json, checked

SERVERLESS = "serverless"
VALUES = {"string", "number", "integer", "boolean"}


@dataclass(frozen=True)
class Plan:
    """A pipeline and its steps."""

    name: str
    pipeline: Json
    steps: Mapping[str, Step]
    assets: Assets

    def job_name(self, name: str) -> str:
        """Give the name of a node's job: a GUID, and the same one at every start."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.name}/{name}"))

    def command(self, name: str) -> Json:
        """Give the definition of a node's job."""
        node, used = self.steps[name].node, self.steps[name].component
        compute = self._compute(name)
        parts = {
            "computeId": None if compute.lower() == SERVERLESS else compute,
            "codeId": short_id(used.code, "codes", self.assets.scope) if used.code else None,
            "limits": _camel(node.limits) or None,
            "resources": _camel({**used.resources, **node.resources}) or None,
        }
        properties = {
            "jobType": "Command",
            "displayName": node.display_name or name,
            "experimentName": self.pipeline["experimentName"],
            "command": used.command,
            "environmentId": short_id(used.environment, "environments", self.assets.scope),
            "environmentVariables": {**used.environment_variables, **node.environment_variables},
            "inputs": self._inputs(name),
            "outputs": {output: self._output(name, output) for output in used.outputs},
            "tags": node.tags,
            **_present(parts),
        }
        job = checked(CommandJob, properties, at=at(name))
        return job.model_dump(by_alias=True, exclude_none=True)

    def _compute(self, name: str) -> str:
        choices = (
            self.steps[name].node.compute_id,
            self.pipeline["settings"].get("default_compute"),
            self.pipeline.get("computeId"),
        )
        chosen = next((choice for choice in choices if choice), None)
        if chosen is None:
            raise _refused(name, "has no compute, and the pipeline has no default_compute")
        return str(chosen)

    def _inputs(self, name: str) -> Json:
        """Give the inputs of a node's job; refuse what the component does not take, or misses."""
        given, ports = self.steps[name].node.inputs, self.steps[name].component.inputs
        unknown = given.keys() - ports.keys()
        if unknown:
            text = f"gives inputs that its component has not: {', '.join(sorted(unknown))}"
            raise _refused(name, text)
        taken = {key: self._input(name, key, port) for key, port in ports.items() if key in given}
        found = {**_defaults(ports), **taken}
        missing = {key for key, port in ports.items() if not port.optional} - found.keys()
        if missing:
            raise _refused(name, f"gives no value to {', '.join(sorted(missing))}")
        return found

    def _input(self, name: str, key: str, port: Port) -> Json:
        given = self.steps[name].node.inputs[key]
        found = self._asset(given) or self._bound(name, given)
        is_literal = found["jobInputType"] == "literal"
        if (is_literal and port.type in ASSETS) or (not is_literal and port.type in VALUES):
            text = (
                f"gives a {found['jobInputType']} to the input {key!r}, which takes a {port.type}"
            )
            raise _refused(name, text)
        return found

    def _asset(self, given: Given) -> Json | None:
        if given.uri is None:
            return None
        return _present({"jobInputType": given.type, "uri": given.uri, "mode": given.mode})

    def _bound(self, name: str, given: Given) -> Json:
        """Follow the bindings in a value: one alone may stand for an asset."""
        whole = PLACEHOLDER.fullmatch(given.value)
        if whole:
            found = self._source(name, whole[1])
            mode = None if found["jobInputType"] == "literal" else given.mode
            return {**found, **_present({"mode": mode})}
        return _literal(PLACEHOLDER.sub(lambda part: self._text(name, part[1]), given.value))

    def _text(self, name: str, binding: str) -> str:
        source = self._source(name, binding)
        if source["jobInputType"] != "literal":
            raise _refused(name, f"uses {binding} within a text, and that is no text")
        return str(source["value"])

    def _source(self, name: str, binding: str) -> Json:
        """Give what a binding stands for, as an input of a job."""
        output = OUTPUT_OF_A_NODE.fullmatch(binding)
        if output:
            step = self.steps.get(output["node"])
            if step is None or output["output"] not in step.component.outputs:
                raise _unknown(name, binding)
            place = self._output(output["node"], output["output"])
            return {"jobInputType": place["jobOutputType"], "uri": place["uri"]}
        return self._of_the_pipeline(name, "inputs", binding)

    def _output(self, name: str, key: str) -> Json:
        """Give an output of a node's job, with its address."""
        step = self.steps[name]
        wanted = step.node.outputs.get(key, Wanted())
        kind = step.component.outputs[key].type
        is_folder = kind != "uri_file"
        place = wanted.uri or default_output(self.job_name(name), key, is_folder=is_folder)
        for binding in names(wanted.value):
            place = self._place(name, binding, is_folder=is_folder)
        return {"jobOutputType": kind, "uri": place, **_present({"mode": wanted.mode})}

    def _place(self, name: str, binding: str, *, is_folder: bool) -> str:
        """Give the address of an output of the pipeline."""
        output = self._of_the_pipeline(name, "outputs", binding)
        key = binding.removeprefix("parent.outputs.")
        return str(output.get("uri") or default_output(self.name, key, is_folder=is_folder))

    def _of_the_pipeline(self, name: str, side: str, binding: str) -> Json:
        """Give the input or output of the pipeline that a binding names."""
        named = {f"parent.{side}.{key}": part for key, part in self.pipeline[side].items()}
        if binding not in named:
            raise _unknown(name, binding)
        return dict(named[binding])


def _defaults(ports: Mapping[str, Port]) -> Json:
    given = {key: port.default for key, port in ports.items() if port.default is not None}
    return {key: _literal(str(value)) for key, value in given.items()}


def _literal(value: str) -> Json:
    return {"jobInputType": "literal", "value": value}


def _camel(part: Json) -> Json:
    return _present({to_camel(key): value for key, value in part.items()})


def _present(part: Json) -> Json:
    return {key: value for key, value in part.items() if value is not None}


def _refused(name: str, why: str) -> RefusedError:
    return bad_request(f"{at(name)} {why}.", "ArgumentInvalid")


def _unknown(name: str, binding: str) -> RefusedError:
    return _refused(name, f"uses {binding}, which the pipeline has not")
