"""Jobs in the form of api-version 2021-03-01-preview, brought into that of 2024-10-01."""

import copy
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from shared.backends.workspace import legacy
from shared.backends.workspace.command import CommandJob
from shared.backends.workspace.sweep import SweepJob
from shared.backends.workspace.wire import Scope
from shared.errors import Fault
from shared.messages import read
from shared.ports import Json
from tests.fuzz.strategies import documents, fuzzing, names
from tests.jobs import ID, WORKSPACE

GUID = "00000000-0000-0000-0000-00000000000a"
OLD, NEW = "api-version 2021-03-01-preview", "api-version 2024-10-01"
A_NEW_FIELD = f"a field of {NEW}"
LEFT_OUT = f"nothing: left out, as {NEW} has no such field"
ASSET = "name:version, a whole id, or the id of one in a registry"
COMPUTE = "the name of a compute of the workspace, or the whole id of one"
DATA = "an address (azureml://, https://, wasbs://, abfss://), azureml:name:version, or a whole id"
DATASTORE = "the name of a datastore of the workspace, or the whole id of one"
DISTRIBUTION = "an object whose distributionType is Mpi, PyTorch or TensorFlow"
ENVIRONMENT = f"required, though {OLD} could do without"
MODE_OF_INPUT = (
    "'Direct', 'Download', 'EvalDownload', 'EvalMount', 'Mount', 'ReadOnlyMount' or "
    "'ReadWriteMount'"
)
MODE_OF_OUTPUT = "'Direct', 'Mount', 'ReadWriteMount' or 'Upload'"
NAME = "a name of letters, digits and _, at most 255, no digit first"
PATH = "a path like folder/file, without .., //, backslashes, ?, # and %"
POLICY = "an object whose policyType is Bandit, MedianStopping or TruncationSelection"
TYPE = f"required: the type of the data, like uri_file or uri_folder, which {OLD} did not say"
TYPES = "'uri_file', 'uri_folder', 'mltable', 'custom_model', 'mlflow_model' or 'triton_model'"

COMMAND: Json = {
    "jobType": "Command",
    "command": "python train.py --data ${{inputs.data}}",
    "compute": {"target": "cpu-cluster"},
    "environmentId": "sklearn:1",
}
SWEEP: Json = {
    "jobType": "Sweep",
    "algorithm": "Random",
    "compute": {"target": "cpu-cluster"},
    "objective": {"goal": "Maximize", "primaryMetric": "accuracy"},
    "searchSpace": {"lr": ["uniform", [0.1, 0.9]]},
    "trial": {"command": "python train.py", "environmentId": "sklearn:1"},
}
WHOLE_COMMAND: Json = {
    "jobType": "Command",
    "description": "Trains.",
    "experimentName": "iris",
    "tags": {"team": "a"},
    "properties": {"p": "1"},
    "command": "torchrun train.py",
    "codeId": f"{ID}/codes/train/versions/1",
    "environmentId": f"{ID}/environments/torch/versions/2",
    "environmentVariables": {"LEVEL": "info"},
    "identity": {"identityType": "Managed", "clientId": GUID},
    "compute": {
        "target": f"{ID}/computes/gpu",
        "instanceCount": 4,
        "instanceType": "Standard_NC6",
        "properties": {"region": "x"},
    },
    "distribution": {"distributionType": "PyTorch", "processCount": 8},
    "inputDataBindings": {
        "data": {
            "dataId": f"{ID}/data/iris/versions/1",
            "mode": "Mount",
            "jobInputType": "uri_folder",
        },
        "model": {"dataId": "azureml:bert:3", "mode": "EvalDownload"},
    },
    "outputDataBindings": {
        "scores": {
            "datastoreId": f"{ID}/datastores/blobs",
            "pathOnDatastore": "/scores/today",
            "mode": "Mount",
            "jobOutputType": "uri_file",
        }
    },
    "timeout": "PT1H",
}
WHOLE_SWEEP: Json = {
    "jobType": "Sweep",
    "description": "Tries.",
    "experimentName": "iris",
    "tags": {"team": "a"},
    "properties": {"p": "1"},
    "algorithm": "bayesian",
    "compute": {"target": "gpu", "instanceCount": 2, "instanceType": "Standard_NC6"},
    "earlyTermination": {"policyType": "Bandit", "slackFactor": 0.5, "evaluationInterval": 1},
    "identity": {"identityType": "AMLToken"},
    "maxConcurrentTrials": 2,
    "maxTotalTrials": 10,
    "objective": {"goal": "minimize", "primaryMetric": "loss"},
    "searchSpace": {"lr": {"type": "choice", "values": [0.1, None]}},
    "timeout": "PT90M",
    "trial": {
        "command": "python train.py --lr ${{search_space.lr}}",
        "codeId": "train:1",
        "environmentId": "sklearn:1",
        "environmentVariables": {"LEVEL": "info"},
        "distribution": {"distributionType": "PyTorch", "processCount": 6},
        "inputDataBindings": {"data": {"dataId": "https://x.net/iris", "type": "MLTable"}},
        "outputDataBindings": {"out": {"mode": "Upload", "type": "uri_folder"}},
        "timeout": "PT90S",
    },
}


def upgraded(job: Json, **typed: str) -> Json:
    """The job in today's form, without faults."""
    new, faults, _ = legacy.upgraded(job, typed=typed)
    assert faults == []
    return new


def faults(job: Json, **typed: str) -> list[Fault]:
    """What is wrong with the job."""
    new, found, warnings = legacy.upgraded(job, typed=typed)
    assert (new, warnings) == ({}, [])
    return found


def warnings(job: Json, **typed: str) -> list[Fault]:
    """What is lost of a job without faults."""
    _, found, lost = legacy.upgraded(job, typed=typed)
    assert found == []
    return lost


def changed(job: Json, path: str, value: object) -> Json:
    """The job with something else at a path of steps parted by slashes."""
    changed_job = copy.deepcopy(job)
    *way, last = path.split("/")
    here = changed_job
    for step in way:
        here = here.setdefault(step, {})
    here[last] = value
    return changed_job


def without(job: Json, name: str) -> Json:
    return {key: value for key, value in job.items() if key != name}


def test_a_command_becomes_one_of_today() -> None:
    assert upgraded(WHOLE_COMMAND, model="custom_model") == {
        "jobType": "Command",
        "description": "Trains.",
        "experimentName": "iris",
        "tags": {"team": "a"},
        "properties": {"p": "1"},
        "command": "torchrun train.py",
        "codeId": f"{ID}/codes/train/versions/1",
        "environmentId": f"{ID}/environments/torch/versions/2",
        "environmentVariables": {"LEVEL": "info"},
        "identity": {"identityType": "Managed", "clientId": GUID},
        "computeId": f"{ID}/computes/gpu",
        "resources": {
            "instanceCount": 4,
            "instanceType": "Standard_NC6",
            "properties": {"region": "x"},
        },
        "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
        "inputs": {
            "data": {
                "jobInputType": "uri_folder",
                "uri": f"{ID}/data/iris/versions/1",
                "mode": "ReadOnlyMount",
            },
            "model": {
                "jobInputType": "custom_model",
                "uri": "azureml:bert:3",
                "mode": "EvalDownload",
            },
        },
        "outputs": {
            "scores": {
                "jobOutputType": "uri_file",
                "uri": "azureml://subscriptions/00000000-0000-0000-0000-000000000001"
                "/resourcegroups/group/workspaces/demo/datastores/blobs/paths/scores/today",
                "mode": "ReadWriteMount",
            }
        },
        "limits": {"jobLimitsType": "Command", "timeout": "PT1H"},
    }
    assert warnings(WHOLE_COMMAND, model="custom_model") == []


def test_a_sweep_becomes_one_of_today() -> None:
    assert upgraded(WHOLE_SWEEP) == {
        "jobType": "Sweep",
        "description": "Tries.",
        "experimentName": "iris",
        "tags": {"team": "a"},
        "properties": {"p": "1"},
        "computeId": "gpu",
        "samplingAlgorithm": {"samplingAlgorithmType": "Bayesian"},
        "earlyTermination": {"policyType": "Bandit", "slackFactor": 0.5, "evaluationInterval": 1},
        "identity": {"identityType": "AMLToken"},
        "objective": {"goal": "Minimize", "primaryMetric": "loss"},
        "searchSpace": {"lr": {"type": "choice", "values": [0.1, None]}},
        "limits": {
            "jobLimitsType": "Sweep",
            "maxTotalTrials": 10,
            "maxConcurrentTrials": 2,
            "timeout": "PT90M",
            "trialTimeout": "PT90S",
        },
        "trial": {
            "command": "python train.py --lr ${{search_space.lr}}",
            "codeId": "train:1",
            "environmentId": "sklearn:1",
            "environmentVariables": {"LEVEL": "info"},
            "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 3},
            "resources": {"instanceCount": 2, "instanceType": "Standard_NC6"},
        },
        "inputs": {"data": {"jobInputType": "mltable", "uri": "https://x.net/iris"}},
        "outputs": {"out": {"jobOutputType": "uri_folder", "mode": "Upload"}},
    }
    assert warnings(WHOLE_SWEEP) == []


def test_a_job_that_says_little_becomes_one_that_says_no_more() -> None:
    assert upgraded(COMMAND) == {
        "jobType": "Command",
        "command": "python train.py --data ${{inputs.data}}",
        "computeId": "cpu-cluster",
        "environmentId": "sklearn:1",
    }
    assert upgraded(SWEEP) == {
        "jobType": "Sweep",
        "samplingAlgorithm": {"samplingAlgorithmType": "Random"},
        "computeId": "cpu-cluster",
        "objective": {"goal": "Maximize", "primaryMetric": "accuracy"},
        "searchSpace": {"lr": ["uniform", [0.1, 0.9]]},
        "trial": {"command": "python train.py", "environmentId": "sklearn:1"},
    }


@pytest.mark.parametrize("job", [COMMAND, SWEEP])
def test_a_kind_that_the_job_does_not_say_is_seen_from_its_fields(job: Json) -> None:
    assert upgraded(without(job, "jobType")) == without(upgraded(job), "jobType")


def test_a_job_without_a_target_runs_on_no_compute_of_the_workspace() -> None:
    assert "computeId" not in upgraded({**COMMAND, "compute": {}})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Mount", "ReadOnlyMount"),
        ("readonlymount", "ReadOnlyMount"),
        ("ReadWriteMount", "ReadWriteMount"),
        ("Download", "Download"),
        ("Direct", "Direct"),
        ("EvalMount", "EvalMount"),
        ("EvalDownload", "EvalDownload"),
    ],
)
def test_an_input_keeps_its_mode_under_the_name_of_today(old: str, new: str) -> None:
    binding = {"dataId": "azureml:iris:1", "mode": old, "jobInputType": "mltable"}

    job = upgraded(changed(COMMAND, "inputDataBindings/data", binding))

    assert job["inputs"]["data"]["mode"] == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Mount", "ReadWriteMount"),
        ("ReadWriteMount", "ReadWriteMount"),
        ("upload", "Upload"),
        ("Direct", "Direct"),
    ],
)
def test_an_output_keeps_its_mode_under_the_name_of_today(old: str, new: str) -> None:
    job = upgraded(changed(COMMAND, "outputDataBindings/out/mode", old))

    assert job["outputs"]["out"]["mode"] == new


def test_the_type_that_a_binding_says_goes_before_that_of_the_request() -> None:
    binding = {"dataId": "azureml:iris:1", "type": "mltable"}

    job = upgraded(changed(COMMAND, "inputDataBindings/data", binding), data="uri_file")

    assert job["inputs"]["data"]["jobInputType"] == "mltable"


@pytest.mark.parametrize(
    ("store", "path", "uri"),
    [
        ("blobs", "a", "azureml://datastores/blobs/paths/a"),
        ("azureml:blobs", "/a/b c/", "azureml://datastores/blobs/paths/a/b c/"),
        ("blobs", "day=1/..a/.b/c..", "azureml://datastores/blobs/paths/day=1/..a/.b/c.."),
        (
            f"azureml:{ID.replace('demo', 'other')}/datastores/blobs",
            "a",
            "azureml://subscriptions/00000000-0000-0000-0000-000000000001/resourcegroups/group"
            "/workspaces/other/datastores/blobs/paths/a",
        ),
    ],
)
def test_an_output_goes_to_its_path_on_its_datastore(store: str, path: str, uri: str) -> None:
    binding = {"datastoreId": store, "pathOnDatastore": path}

    job = upgraded(changed(COMMAND, "outputDataBindings/out", binding))

    assert job["outputs"]["out"]["uri"] == uri


@pytest.mark.parametrize(
    "path",
    [
        *["/", "..", "a/..", "../a", "a/../b", ".", "./a", "a//b", "//a", "a\\..\\b"],
        *["a/%2e%2e/b", "a?b", "a#b", "a\nb", "a\x00", "..\n", "a/..\n", "a\x85"],
    ],
)
def test_no_output_leads_elsewhere_by_its_path(path: str) -> None:
    binding = {"datastoreId": "blobs", "pathOnDatastore": path}

    assert faults(changed(COMMAND, "outputDataBindings/out", binding)) == [
        Fault("/job/outputDataBindings/out/pathOnDatastore", "a string", PATH)
    ]


@pytest.mark.parametrize(
    "store",
    [
        *["a/b", "..", "a b", "azureml:", "azureml:azureml:a", "azureml://datastores/a"],
        *[f"{ID}/datastores/", f"{ID}/datastores/a/paths/b", f"{ID}/computes/a"],
    ],
)
def test_no_output_leads_elsewhere_by_its_datastore(store: str) -> None:
    binding = {"datastoreId": store, "pathOnDatastore": "a"}

    assert faults(changed(COMMAND, "outputDataBindings/out", binding)) == [
        Fault("/job/outputDataBindings/out/datastoreId", "a string", DATASTORE)
    ]


@pytest.mark.parametrize("binding", [{"datastoreId": "a"}, {"pathOnDatastore": "a"}])
def test_an_output_has_both_a_datastore_and_a_path_or_neither(binding: Json) -> None:
    assert faults(changed(COMMAND, "outputDataBindings/out", binding)) == [
        Fault(
            "/job/outputDataBindings/out",
            "an object",
            "both datastoreId and pathOnDatastore, or neither",
        )
    ]


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (
            {"distributionType": "pytorch", "processCount": 3},
            {"distributionType": "PyTorch", "processCountPerInstance": 3},
        ),
        ({"distributionType": "PyTorch"}, {"distributionType": "PyTorch"}),
        (
            {"distributionType": "Mpi", "processCountPerInstance": 3},
            {"distributionType": "Mpi", "processCountPerInstance": 3},
        ),
        (
            {"distributionType": "TensorFlow", "workerCount": 2, "parameterServerCount": 1},
            {"distributionType": "TensorFlow", "workerCount": 2, "parameterServerCount": 1},
        ),
    ],
)
def test_processes_on_one_instance_are_as_many_as_in_all(
    distribution: Json, expected: Json
) -> None:
    assert upgraded({**COMMAND, "distribution": distribution})["distribution"] == expected


@pytest.mark.parametrize(
    ("job", "place"), [(COMMAND, "distribution"), (SWEEP, "trial/distribution")]
)
def test_processes_are_divided_among_instances_evenly(job: Json, place: str) -> None:
    torch = {"distributionType": "PyTorch", "processCount": 10}
    given = changed(changed(job, place, torch), "compute/instanceCount", 4)

    assert faults(given) == [
        Fault(
            f"/job/{place}/processCount",
            "a number",
            "a multiple of compute.instanceCount, as each instance gets as many: 10 does not "
            "divide by 4",
        )
    ]


@pytest.mark.parametrize(
    ("job", "path", "value", "found", "expected"),
    [
        (COMMAND, "gpu", 1, "an unknown field", "no such field here"),
        (COMMAND, "compute/gpu", 1, "an unknown field", "no such field here"),
        (COMMAND, "command", "-", "a string", "at least one letter, digit or _"),
        (COMMAND, "compute", "cpu", "a string", "an object"),
        (COMMAND, "compute/target", "../cpu", "a string", COMPUTE),
        (COMMAND, "compute/instanceCount", 0, "a number", "greater than or equal to 1"),
        (COMMAND, "compute/isLocal", 1, "a number", "true or false"),
        (COMMAND, "compute/properties/a", 1, "a number", "a string"),
        (COMMAND, "environmentId", "sklearn", "a string", ASSET),
        (COMMAND, "environmentId", None, "nothing", ENVIRONMENT),
        (COMMAND, "codeId", "train", "a string", ASSET),
        (COMMAND, "distribution", {"distributionType": "Ray"}, "an object", DISTRIBUTION),
        (COMMAND, "identity/identityType", "UserIdentity", "a string", "'AMLToken' or 'Managed'"),
        (COMMAND, "priority", "high", "a string", "an integer"),
        (COMMAND, "timeout", "PT0.5S", "a string", "whole seconds"),
        (COMMAND, "outputDataBindings/a-b", {}, "a name", NAME),
        (COMMAND, "outputDataBindings/out/mode", "Download", "a string", MODE_OF_OUTPUT),
        (SWEEP, "algorithm", "Hyperband", "a string", "'Bayesian', 'Grid' or 'Random'"),
        (SWEEP, "command", "x", "an unknown field", "no such field here"),
        (SWEEP, "earlyTermination", {"policyType": "None"}, "an object", POLICY),
        (SWEEP, "objective/goal", "best", "a string", "'Maximize' or 'Minimize'"),
        (SWEEP, "searchSpace", [], "a list", "an object"),
        (SWEEP, "timeout", "PT90S", "a string", "whole minutes"),
        (SWEEP, "timeout", "1 h", "a string", "an ISO 8601 duration like PT30M"),
        (SWEEP, "trial/timeout", "PT0.5S", "a string", "whole seconds"),
        (SWEEP, "trial/environmentId", None, "nothing", ENVIRONMENT),
        (WHOLE_SWEEP, "maxConcurrentTrials", 11, "a number", "at most maxTotalTrials"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_path_in_the_older_form(
    job: Json, path: str, value: object, found: str, expected: str
) -> None:
    assert faults(changed(job, path, value)) == [Fault(f"/job/{path}", found, expected)]


@pytest.mark.parametrize(
    ("binding", "fault"),
    [
        ({"dataId": "azureml:iris:1"}, Fault("/jobInputType", "nothing", TYPE)),
        ({"type": "mltable"}, Fault("/dataId", "nothing", "required")),
        (
            {"type": "mltable", "dataId": f"{ID}/datasets/iris/versions/1"},
            Fault("/dataId", "a string", DATA),
        ),
        (
            {"type": "literal", "dataId": "azureml:iris:1"},
            Fault("/type", "a string", TYPES),
        ),
        (
            {"type": "mltable", "dataId": "azureml:iris:1", "mode": "Upload"},
            Fault("/mode", "a string", MODE_OF_INPUT),
        ),
    ],
)
@pytest.mark.parametrize(
    ("job", "path"),
    [(COMMAND, "inputDataBindings/data"), (SWEEP, "trial/inputDataBindings/data")],
)
def test_an_input_that_does_not_fit_is_refused_by_its_path_in_the_older_form(
    job: Json, path: str, binding: Json, fault: Fault
) -> None:
    expected = Fault(f"/job/{path}{fault.path}", fault.found, fault.expected)

    assert faults(changed(job, path, binding)) == [expected]


@pytest.mark.parametrize(
    ("job", "name"),
    [
        (COMMAND, "command"),
        (SWEEP, "algorithm"),
        (SWEEP, "objective"),
        (SWEEP, "searchSpace"),
        (SWEEP, "trial"),
    ],
)
def test_some_fields_are_required(job: Json, name: str) -> None:
    assert faults(without(job, name)) == [Fault(f"/job/{name}", "nothing", "required")]


@pytest.mark.parametrize("job", [COMMAND, SWEEP])
def test_a_compute_is_required_because_of_what_else_is_there(job: Json) -> None:
    expected = "required, as timeout is of api-version 2021-03-01-preview"

    found = faults({**without(job, "compute"), "timeout": "PT1H"})

    assert found == [Fault("/job/compute", "nothing", expected)]


def test_a_trial_needs_a_command_and_an_environment() -> None:
    assert faults({**SWEEP, "trial": {}}) == [
        Fault("/job/trial/environmentId", "nothing", ENVIRONMENT),
        Fault("/job/trial/command", "nothing", "required"),
    ]


@pytest.mark.parametrize(
    ("job_type", "found"), [("Pipeline", "a string"), (3, "a number"), ([], "a list")]
)
def test_the_older_form_has_commands_and_sweeps_only(job_type: object, found: str) -> None:
    assert faults({**COMMAND, "jobType": job_type}) == [
        Fault("/job/jobType", found, f"Command or Sweep: {OLD} has no other")
    ]


def test_every_fault_is_told_at_once() -> None:
    job = {
        "compute": {"target": "/", "instanceCount": 4},
        "distribution": {"distributionType": "PyTorch", "processCount": 10},
        "inputDataBindings": {"data": {"dataId": "iris"}},
        "inputs": {},
        "timeout": 1,
    }

    assert {fault.path for fault in faults(job)} == {
        "/job/command",
        "/job/compute/target",
        "/job/distribution/processCount",
        "/job/environmentId",
        "/job/inputDataBindings/data/dataId",
        "/job/inputDataBindings/data/jobInputType",
        "/job/inputs",
        "/job/timeout",
    }


@pytest.mark.parametrize(
    ("job", "name", "expected"),
    [
        (COMMAND, "inputs", "inputDataBindings"),
        (COMMAND, "outputs", "outputDataBindings"),
        (COMMAND, "limits", "timeout"),
        (COMMAND, "resources", "compute.instanceCount and compute.instanceType"),
        (COMMAND, "computeId", "compute.target"),
        (COMMAND, "displayName", "displayName of the request, beside the job"),
        (COMMAND, "queueSettings", "attributes.queueSettings of the request, beside the job"),
        (COMMAND, "services", "nothing"),
        (SWEEP, "inputs", "trial.inputDataBindings"),
        (SWEEP, "outputs", "trial.outputDataBindings"),
        (SWEEP, "limits", "timeout, maxTotalTrials and maxConcurrentTrials"),
        (SWEEP, "samplingAlgorithm", "algorithm"),
        (SWEEP, "isArchived", "nothing"),
    ],
)
def test_a_field_of_today_in_a_job_of_old_is_told_what_is_there_instead(
    job: Json, name: str, expected: str
) -> None:
    assert faults({**job, name: {}}) == [
        Fault(f"/job/{name}", A_NEW_FIELD, f"{expected}, as compute is of {OLD}")
    ]


def test_fields_of_today_inside_a_job_of_old_are_told_so_too() -> None:
    torch = {"distributionType": "PyTorch", "processCountPerInstance": 2}
    trial = {**SWEEP["trial"], "resources": {"instanceCount": 2}, "distribution": torch}
    because = f"as compute is of {OLD}"

    assert faults({**SWEEP, "trial": trial}) == [
        Fault(
            "/job/trial/resources",
            A_NEW_FIELD,
            f"compute.instanceCount and compute.instanceType, {because}",
        ),
        Fault(
            "/job/trial/distribution/processCountPerInstance",
            A_NEW_FIELD,
            f"processCount, the processes on all instances, {because}",
        ),
    ]


def test_what_has_its_counterpart_of_today_is_not_missed() -> None:
    job = {**without(COMMAND, "compute"), "computeId": "cpu", "priority": 1}

    assert faults(job) == [
        Fault("/job/computeId", A_NEW_FIELD, f"compute.target, as priority is of {OLD}")
    ]


@pytest.mark.parametrize(
    ("path", "value", "warning"),
    [
        (
            "compute/isLocal",
            True,
            Fault("/compute/isLocal", "a boolean", f"{LEFT_OUT}; the job runs in Azure"),
        ),
        ("compute/location", "x", Fault("/compute/location", "a string", LEFT_OUT)),
        (
            "priority",
            1,
            Fault(
                "/priority",
                "a number",
                f"{LEFT_OUT}; attributes.queueSettings of the request may say how urgent it is",
            ),
        ),
        (
            "inputDataBindings/data",
            {"dataId": "azureml:iris:1", "type": "mltable", "pathOnCompute": "/data"},
            Fault(
                "/inputDataBindings/data/pathOnCompute",
                "a string",
                f"{LEFT_OUT}; the command finds the place by ${{{{inputs.data}}}}",
            ),
        ),
        (
            "outputDataBindings/out",
            {"type": "mltable", "pathOnCompute": "/out"},
            Fault(
                "/outputDataBindings/out/pathOnCompute",
                "a string",
                f"{LEFT_OUT}; the command finds the place by ${{{{outputs.out}}}}",
            ),
        ),
        (
            "outputDataBindings/out",
            {},
            Fault(
                "/outputDataBindings/out/jobOutputType",
                "nothing",
                "the type of the output; uri_folder is taken",
            ),
        ),
    ],
)
def test_what_is_lost_is_told(path: str, value: object, warning: Fault) -> None:
    assert warnings(changed(COMMAND, path, value)) == [
        Fault(f"/job{warning.path}", warning.found, warning.expected)
    ]
    assert upgraded(changed(COMMAND, path, value))["computeId"] == "cpu-cluster"


@pytest.mark.parametrize(
    "variable", ["$AZURE_ML_INPUT_data", "${AZURE_ML_INPUT_data}", "%AZURE_ML_INPUT_data%"]
)
@pytest.mark.parametrize(("job", "path"), [(COMMAND, "command"), (SWEEP, "trial/command")])
def test_an_input_read_by_a_variable_is_told_what_to_write(
    job: Json, path: str, variable: str
) -> None:
    given = changed(job, path, f"python train.py {variable} {variable}")

    assert warnings(given) == [
        Fault(f"/job/{path}", "a variable AZURE_ML_INPUT_data", "${{inputs.data}} instead")
    ]


@pytest.mark.parametrize(
    "job",
    [
        {"jobType": "Command", "compute": {}},
        {"jobType": "command", "timeout": "PT1H"},
        {"jobType": "Command", "inputDataBindings": {}},
        {"jobType": "Command", "outputDataBindings": {}},
        {"jobType": "Command", "priority": 1},
        {"jobType": "Sweep", "algorithm": "Random"},
        {"jobType": "Sweep", "maxTotalTrials": 1},
        {"jobType": "Sweep", "maxConcurrentTrials": 1},
        {"jobType": "Sweep", "trial": {"inputDataBindings": {}}},
        {"jobType": "Sweep", "trial": {"outputDataBindings": {}}},
        {"jobType": "Sweep", "trial": {"timeout": "PT1H"}},
        {"distribution": {"distributionType": "PyTorch", "processCount": 1}},
        {"trial": {"distribution": {"distributionType": "PyTorch", "processCount": 1}}},
    ],
)
def test_a_job_is_of_old_by_any_field_that_only_the_older_form_has(job: Json) -> None:
    assert legacy.is_legacy(job)


@pytest.mark.parametrize(
    "job",
    [
        {},
        {"jobType": "Command", "command": "x", "computeId": "cpu", "limits": {"timeout": "PT1H"}},
        {"jobType": "Sweep", "trial": {"command": "x", "resources": {}}, "limits": {}},
        {"jobType": "Command", "distribution": {"processCountPerInstance": 1}},
        {"jobType": "Command", "compute": "cpu"},
        {"jobType": "Pipeline", "timeout": "PT1H", "compute": {}},
        {"jobType": None, "trial": [], "distribution": 1},
        {"jobType": 3, "compute": {}},
    ],
)
def test_any_other_job_is_of_today(job: Json) -> None:
    assert not legacy.is_legacy(job)


def is_of_today(job: Json) -> bool:
    """Today's form has no fault to tell: its path would not be the one that the author wrote."""
    model = SweepJob if "trial" in job else CommandJob
    read(model, job, at="/job", context=Scope(WORKSPACE, "2024-10-01"))
    return not legacy.is_legacy(job)


@pytest.mark.parametrize("job", [COMMAND, SWEEP, WHOLE_COMMAND, WHOLE_SWEEP])
def test_what_is_upgraded_is_of_today(job: Json) -> None:
    assert is_of_today(upgraded(job, model="custom_model"))


VALUES = [0, 1, -1, 7, True, "", "x", "PT1H", "azureml:a:1", "Mount", "uri_file", None, [], {}]


@st.composite
def changed_jobs(draw: st.DrawFn) -> Json:
    """A good job in which a few things, at any depth, are something else or gone."""
    job = copy.deepcopy(draw(st.sampled_from([COMMAND, SWEEP, WHOLE_COMMAND, WHOLE_SWEEP])))
    for _ in range(draw(st.integers(0, 3))):
        here: Any = job
        while True:
            name = draw(st.sampled_from(sorted(here)) | names if here else names)
            if not isinstance(here.get(name), dict) or draw(st.integers(0, 3)) == 0:
                break
            here = here[name]
        if draw(st.integers(0, 3)) == 0:
            here.pop(name, None)
        else:
            here[name] = draw(st.sampled_from(VALUES) | documents)
    return job


@fuzzing(400)
@given(changed_jobs() | st.dictionaries(names, documents, max_size=4))
def test_whatever_is_sent_has_faults_or_is_upgraded(job: Json) -> None:
    new, found, lost = legacy.upgraded(job, typed={"model": "custom_model"})

    event(f"faults: {bool(found)}")
    assert bool(new) != bool(found)
    assert all(each.path.startswith("/job/") for each in [*found, *lost])
    assume(new.get("searchSpace") != {})  # whose path is the same in both forms
    assert not new or is_of_today(new)
