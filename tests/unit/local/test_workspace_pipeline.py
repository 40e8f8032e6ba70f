"""How a pipeline is laid out: the order of its nodes, and the Command job that each becomes."""

import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.local.workspace.assets import Assets
from tests.local.workspace.datastores import Datastores
from tests.local.workspace.ids import Scope
from tests.local.workspace.nodes import steps
from tests.local.workspace.pipeline import PipelineJob, PipelineJobs, order
from tests.local.workspace.plan import Plan
from tests.local.workspace.refusals import RefusedError
from tests.local.workspace.schema import read

Json = dict[str, Any]
SCOPE = Scope()
CPU = f"{SCOPE.id}/computes/cpu-cluster"
SKLEARN = f"{SCOPE.id}/environments/sklearn/versions/1"
PLACES = "azureml://datastores/workspaceblobstore/paths/azureml"
TRAIN = {
    "type": "command",
    "command": "train --data ${{inputs.data}} --rate ${{inputs.rate}} --model ${{outputs.model}}",
    "environment": "azureml:sklearn:1",
    "inputs": {
        "data": {"type": "uri_folder"},
        "rate": {"type": "number", "default": 0.5},
        "note": {"type": "string", "optional": True},
    },
    "outputs": {"model": {"type": "mlflow_model"}},
    "environment_variables": {"A": "component", "B": "component"},
    "resources": {"instance_count": 1, "shm_size": "4g"},
}
FOLDER = {
    "job_input_type": "uri_folder",
    "uri": "azureml://datastores/workspaceblobstore/paths/in/",
    "mode": "Download",
}


def assets() -> Assets:
    found = Assets(SCOPE, Datastores(Path("nowhere"), SCOPE))
    found.components["train", "1"] = {"componentSpec": TRAIN}
    return found


def a_node(**more: Any) -> Json:
    component = f"{SCOPE.id}/components/train/versions/1"
    return {"type": "command", "componentId": component, "inputs": {"data": FOLDER}, **more}


def inline(*takes: str) -> Json:
    """Build a node that takes the outputs of others."""
    inputs = {
        f"from_{name}": {"value": f"${{{{parent.jobs.{name}.outputs.made}}}}"} for name in takes
    }
    return {
        "type": "command",
        "command": "true",
        "environment": SKLEARN,
        "inputs": inputs,
        "outputs": {"made": {"job_output_type": "uri_file"}},
    }


def a_pipeline(jobs: Json, **properties: Any) -> Json:
    sent = {
        "jobType": "Pipeline",
        "jobs": jobs,
        "settings": {"default_compute": CPU},
        **properties,
    }
    return read(PipelineJob, sent, api_version="2024-10-01")


def a_plan(jobs: Json, **properties: Any) -> Plan:
    return Plan("p", a_pipeline(jobs, **properties), steps(jobs, assets()), assets())


def rounds(jobs: Json) -> Iterable[set[str]]:
    """Give the nodes that may run at the same time, one set after the other."""
    graph = order(a_plan(jobs))
    graph.prepare()
    while graph.is_active():
        ready = graph.get_ready()
        graph.done(*ready)
        yield set(ready)


def refusal(jobs: Json, **properties: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        PipelineJobs().check(a_pipeline(jobs, **properties), assets())
    return str(caught.value)


def test_nodes_run_when_their_data_are_there() -> None:
    diamond = {
        "end": inline("left", "right"),
        "left": inline("start"),
        "right": inline("start"),
        "start": inline(),
        "alone": inline(),
    }

    assert list(rounds(diamond)) == [{"start", "alone"}, {"left", "right"}, {"end"}]


def test_a_node_becomes_a_command_job() -> None:
    node = a_node(
        inputs={"data": FOLDER, "rate": {"job_input_type": "literal", "value": "0.1"}},
        environment_variables={"B": "node"},
        resources={"instance_count": 2},
        limits={"job_limits_type": "Command", "timeout": "PT1M"},
        display_name="Train it",
        tags={"a": "b"},
        _source="BUILDER",
    )
    plan = a_plan({"train": node}, experimentName="e")

    command = plan.command("train")

    assert command == {
        "jobType": "Command",
        "displayName": "Train it",
        "experimentName": "e",
        "computeId": CPU,
        "isArchived": False,
        "tags": {"a": "b"},
        "properties": {},
        "command": TRAIN["command"],
        "environmentId": SKLEARN,
        "environmentVariables": {"A": "component", "B": "node"},
        "inputs": {
            "rate": {"jobInputType": "literal", "value": "0.1"},
            "data": {
                "jobInputType": "uri_folder",
                "uri": "azureml://datastores/workspaceblobstore/paths/in/",
                "mode": "Download",
            },
        },
        "outputs": {
            "model": {
                "jobOutputType": "mlflow_model",
                "uri": f"{PLACES}/{plan.job_name('train')}/model/",
            }
        },
        "limits": {"jobLimitsType": "Command", "timeout": "PT1M"},
        "resources": {"instanceCount": 2, "shmSize": "4g"},
        "queueSettings": {"jobTier": "Null"},
    }


def test_the_job_of_a_node_has_a_guid_that_depends_on_pipeline_and_node_alone() -> None:
    plan = a_plan({"train": a_node()})
    other = Plan("q", plan.pipeline, plan.steps, plan.assets)

    assert plan.job_name("train") == str(uuid.UUID(plan.job_name("train")))
    assert len({plan.job_name("train"), plan.job_name("b"), other.job_name("train")}) == 3


def test_an_output_of_a_node_is_the_input_of_the_next() -> None:
    binding = {"value": "${{ parent.jobs.a.outputs.model }}", "mode": "ReadOnlyMount"}
    plan = a_plan({"a": a_node(), "b": a_node(inputs={"data": binding})})

    assert plan.command("b")["inputs"]["data"] == {
        "jobInputType": "mlflow_model",
        "uri": f"{PLACES}/{plan.job_name('a')}/model/",
        "mode": "ReadOnlyMount",
    }


def test_an_input_of_the_pipeline_reaches_its_nodes_whole_or_within_a_text() -> None:
    given = {"word": {"jobInputType": "literal", "value": "deep"}}
    node = a_node(
        inputs={
            "data": FOLDER,
            "rate": {"value": "${{parent.inputs.word}}"},
            "note": {"value": "a ${{parent.inputs.word}} one"},
        }
    )

    inputs = a_plan({"a": node}, inputs=given).command("a")["inputs"]

    assert inputs["rate"] == {"jobInputType": "literal", "value": "deep"}
    assert inputs["note"] == {"jobInputType": "literal", "value": "a deep one"}


def test_what_is_not_given_has_its_default_or_is_left_out() -> None:
    inputs = a_plan({"a": a_node()}).command("a")["inputs"]

    assert inputs["rate"] == {"jobInputType": "literal", "value": "0.5"}
    assert "note" not in inputs


@pytest.mark.parametrize(
    ("output", "place"),
    [
        ({"jobOutputType": "mlflow_model"}, f"{PLACES}/p/best/"),
        (
            {"jobOutputType": "mlflow_model", "uri": "azureml://datastores/x/paths/y/"},
            "azureml://datastores/x/paths/y/",
        ),
    ],
)
def test_an_output_bound_to_the_pipelines_goes_to_its_place(output: Json, place: str) -> None:
    bound = {"model": {"value": "${{parent.outputs.best}}", "type": "literal", "mode": "Upload"}}
    plan = a_plan({"a": a_node(outputs=bound)}, outputs={"best": output})

    assert plan.command("a")["outputs"]["model"] == {
        "jobOutputType": "mlflow_model",
        "uri": place,
        "mode": "Upload",
    }


@pytest.mark.parametrize(
    ("node", "properties", "compute"),
    [
        ({"computeId": "own"}, {"computeId": "last"}, "own"),
        ({}, {"computeId": "last"}, CPU),
        ({}, {"settings": {}, "computeId": "last"}, "last"),
        ({"computeId": "serverless"}, {}, None),
    ],
)
def test_a_node_runs_on_its_own_compute_or_the_default(
    node: Json, properties: Json, compute: str | None
) -> None:
    command = a_plan({"a": a_node(**node)}, **properties).command("a")

    assert command.get("computeId") == compute


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({}, "properties.jobs.a gives no value to data"),
        ({"data": FOLDER, "x": {"value": "1"}}, "gives inputs that its component has not: x"),
        ({"data": {"value": "text"}}, "gives a literal to the input 'data'"),
        ({"data": FOLDER, "rate": FOLDER}, "gives a uri_folder to the input 'rate'"),
        ({"data": {"value": "${{parent.inputs.none}}"}}, "uses parent.inputs.none"),
        ({"data": {"value": "${{lake}}"}}, "uses lake"),
        ({"data": {"value": "${{parent.jobs.b.outputs.x}}"}}, "uses parent.jobs.b.outputs.x"),
        ({"data": {"value": "${{parent.jobs.a.outputs.x}}"}}, "uses parent.jobs.a.outputs.x"),
        ({"data": {"value": "${{parent.jobs.a.outputs.model}}"}}, "wait for each other: a, a"),
        (
            {"data": FOLDER, "note": {"value": "on ${{parent.inputs.lake}}"}},
            "uses parent.inputs.lake within a text",
        ),
    ],
)
def test_inputs_that_cannot_be_are_refused(inputs: Json, told: str) -> None:
    lake = {"jobInputType": "uri_folder", "uri": FOLDER["uri"]}

    assert told in refusal({"a": a_node(inputs=inputs)}, inputs={"lake": lake})


@pytest.mark.parametrize(
    ("jobs", "properties", "told"),
    [
        ({}, {}, "properties.jobs"),
        (
            {"a": a_node()},
            {"outputs": {"best": {"jobOutputType": "mlflow_model", "assetName": "of later"}}},
            "properties.outputs.best.assetName",
        ),
        ({"a": {"type": "command"}}, {}, "properties.jobs.a"),
        ({"a": {**inline(), "type": "pipeline"}}, {}, "'pipeline' is none of command"),
        ({"a": a_node(componentId="elsewhere")}, {}, "There is no component 'elsewhere'"),
        ({"a": a_node(computeId="elsewhere")}, {}, "computeId: 'elsewhere'"),
        ({"a": a_node()}, {"settings": {}}, "properties.jobs.a has no compute"),
        ({"a": a_node(limits={"timeout": "soon"})}, {}, "properties.jobs.a.limits"),
        ({"a": a_node(tags={"twin.life": "none"})}, {}, "tag twin.life is one of"),
        ({"a": inline("b"), "b": inline("a")}, {}, "wait for each other: a, b, a"),
        (
            {"a": a_node(outputs={"model": {"value": "${{parent.outputs.none}}"}})},
            {},
            "uses parent.outputs.none",
        ),
        (
            {"a": a_node()},
            {"settings": {"default_compute": CPU, "continue_on_step_failure": "perhaps"}},
            "properties.settings.continue_on_step_failure",
        ),
        (
            {"a": {**inline(), "command": "echo ${{inputs.none}}"}},
            {},
            "The command uses inputs.none",
        ),
    ],
)
def test_a_pipeline_that_cannot_run_is_refused(jobs: Json, properties: Json, told: str) -> None:
    assert told in refusal(jobs, **properties)
