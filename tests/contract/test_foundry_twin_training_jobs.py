"""The project of the twin keeps the contract of `training_jobs`: create, show, list, delete."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.foundry_twin import ACCOUNT, COMPUTE, IMAGE, Foundry, a_training_job, foundry

SAMPLES = ["echo", "fail", "fine-tune", "reinforce", "sleep", "train-classifier"]


@pytest.fixture(scope="module")
def twin() -> Iterator[Foundry]:
    with foundry("--pace", "0.05", "--retry-after", "7") as running:
        yield running


def names(twin: Foundry, **query: Any) -> list[str]:
    """Give the names on one page of a list."""
    return [job["name"] for job in twin.get("/training_jobs", **query)["data"]]


def test_a_new_job_is_created_and_started(twin: Foundry) -> None:
    answer = twin.create("created", display_name="mine", tags={"a": "b"})

    job = answer.json()
    assert answer.status_code == 201
    assert job["name"] == "created"
    assert job["id"] == f"{ACCOUNT}/projects/demo/jobs/created"
    assert job["properties"] == {
        "job_type": "command",
        "command": "true",
        "environment_image_reference": IMAGE,
        "display_name": "mine",
        "tags": {"a": "b"},
        "properties": {},
        "compute_id": COMPUTE,
        "inputs": {},
        "outputs": {},
        "environment_variables": {},
        "status": "queued",
    }


def test_times_are_unix_seconds(twin: Foundry) -> None:
    job = twin.create("timed").json()

    assert isinstance(job["system_data"]["created_at"], int)
    assert 1_700_000_000 < job["system_data"]["created_at"] < 2**31


def test_a_command_runs_and_its_job_succeeds(twin: Foundry) -> None:
    twin.create("runs", command="echo done")

    assert twin.statuses("runs") == [
        "Queued",
        "Preparing",
        "Provisioning",
        "Starting",
        "Running",
        "Finalizing",
        "Completed",
    ]
    assert twin.get("/training_jobs/runs")["properties"]["status"] == "succeeded"


def test_placeholders_are_filled_in(twin: Foundry) -> None:
    twin.create(
        "filled",
        command="cp ${{inputs.data}} ${{outputs.copy}}; echo ${{inputs.word}} >> ${{outputs.copy}}",
        inputs={
            "word": {"job_input_type": "literal", "value": "and more"},
            "data": {
                "job_input_type": "uri_file",
                "uri": "azureai://accounts/demo/projects/demo/data/said/versions/1/said.txt",
            },
        },
        outputs={"copy": {"job_output_type": "uri_file", "uri": "azureml://datastores/a/paths/c"}},
    )
    uri = "azureai://accounts/demo/projects/demo/data/said/versions/1/said.txt"
    twin.control("PUT", "files", params={"uri": uri}, content=b"data\n").raise_for_status()

    assert twin.statuses("filled")[-1] == "Completed"
    made = twin.control("GET", "files", params={"uri": "azureml://datastores/a/paths/c"})
    assert made.content == b"data\nand more\n"


def test_an_input_where_there_is_nothing_fails_the_job(twin: Foundry) -> None:
    given = {"job_input_type": "uri_file", "uri": "azureml://datastores/a/paths/nothing"}
    twin.create("lost", inputs={"data": given})

    assert twin.statuses("lost")[-1] == "Failed"
    error = twin.attempt("lost")["error"]
    assert error["code"] == "UserError"
    assert "azureml://datastores/a/paths/nothing" in error["message"]


def test_a_command_has_its_code_and_its_variables(twin: Foundry) -> None:
    twin.create(
        "coded",
        command="test -f train.py && test $MINE = 1 && test $AZUREML_RUN_ID = coded",
        code_id="azureai://accounts/demo/projects/demo/data/train-classifier/versions/1",
        environment_variables={"MINE": "1"},
    )

    assert twin.statuses("coded")[-1] == "Completed"


def test_a_limit_cancels_a_job_that_runs_too_long(twin: Foundry) -> None:
    limits = {"job_limits_type": "command", "timeout": "PT1S"}
    twin.create("slow", command="sleep 60", limits=limits)

    assert twin.statuses("slow")[-2:] == ["CancelRequested", "Canceled"]
    assert twin.attempt("slow")["status_reason"] == "ran longer than its limit"


def test_the_same_operation_id_has_one_effect_and_one_answer(twin: Foundry) -> None:
    first = twin.create("once", operation="key-1")
    twin.statuses("once")

    second = twin.create("once", operation="key-1")

    assert (second.status_code, second.json()) == (201, first.json())


def test_an_operation_id_with_another_body_is_refused(twin: Foundry) -> None:
    twin.create("first", operation="key-2")

    answer = twin.create("second", operation="key-2")

    assert answer.status_code == 409
    assert twin.send("GET", "/training_jobs/second").status_code == 404


def test_an_operation_id_whose_create_was_refused_may_come_again(twin: Foundry) -> None:
    assert twin.create("again", operation="key-3", command=None).status_code == 400

    assert twin.create("again", operation="key-3").status_code == 201


@pytest.mark.parametrize("operation", [None, "key-4"])
def test_a_name_that_exists_is_refused(twin: Foundry, operation: str | None) -> None:
    twin.create("taken")

    answer = twin.create("taken", operation=operation)

    assert answer.status_code == 409
    assert "already exists" in answer.json()["error"]["message"]


def test_names_are_told_apart_by_their_case(twin: Foundry) -> None:
    twin.create("cased")

    assert twin.create("Cased").status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"compute_id": "cpu-cluster"},
        {"compute_id": f"{ACCOUNT}/computes/none"},
        {"compute_id": COMPUTE.replace("demo", "other")},
        {"command": "echo ${{inputs.none}}"},
        {"code_id": "azureai://accounts/demo/projects/demo/data/none/versions/1"},
        {"inputs": {"x": {"job_input_type": "uri_file", "uri": "https://example.com/x"}}},
        {"outputs": {"x": {"job_output_type": "uri_file", "uri": "s3://bucket/x"}}},
        {"tags": {"twin.life": "merry"}},
    ],
)
def test_a_job_that_names_what_is_not_there_is_refused(
    twin: Foundry, change: dict[str, Any]
) -> None:
    answer = twin.create("refused", **change)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_request"


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a:b", "-a", "x" * 256])
def test_a_name_that_is_none_is_refused(twin: Foundry, name: str) -> None:
    assert twin.create(name).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"[" * 100_000, b"\xff", b"NaN"])
def test_a_body_that_is_no_object_is_refused(twin: Foundry, body: bytes) -> None:
    answer = twin.send("POST", "/training_jobs", content=body)

    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"code", "message", "details", "additionalInfo"}


def test_a_number_that_json_does_not_have_is_refused(twin: Foundry) -> None:
    body = b'{"name": "nan", "properties": {"hyperparameters": {"rate": NaN}}}'

    answer = twin.send("POST", "/training_jobs", content=body)

    assert "NaN is no value" in answer.json()["error"]["message"]


def test_a_body_that_is_too_large_is_refused(twin: Foundry) -> None:
    body = b'{"name": "' + b"x" * 5_000_000 + b'"}'

    answer = twin.send("POST", "/training_jobs", content=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")


def test_a_compute_that_was_added_can_be_used(twin: Foundry) -> None:
    twin.control("POST", "computes", json={"name": "h100"}).raise_for_status()

    assert twin.create("fast", compute_id=f"{ACCOUNT}/computes/h100").status_code == 201


def test_a_job_that_is_not_there_cannot_be_shown(twin: Foundry) -> None:
    answer = twin.send("GET", "/training_jobs/none")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_recipe_records_its_framework(twin: Foundry) -> None:
    shown = twin.recipe("recipe").json()["properties"]

    assert shown["training"]["resolved_framework"] == "trl"
    assert shown["training"]["framework_version"]
    assert "command" not in shown


def test_a_job_of_the_other_contract_is_shown(twin: Foundry) -> None:
    twin.put("theirs", experimentName="e", inputs={"x": {"jobInputType": "literal", "value": "1"}})

    properties = twin.get("/training_jobs/theirs")["properties"]

    assert properties["inputs"] == {"x": {"job_input_type": "literal", "value": "1"}}
    assert "experiment_name" not in properties


def test_the_samples_are_there(twin: Foundry) -> None:
    assert set(SAMPLES) <= set(names(twin, limit=100))


def test_a_sample_can_be_created_again(twin: Foundry) -> None:
    shown = twin.get("/training_jobs/train-classifier")["properties"]
    again = {name: value for name, value in shown.items() if name != "status"}

    answer = twin.create("trained", **{**again, "outputs": {"model": again["outputs"]["model"]}})

    assert answer.status_code == 201
    assert twin.statuses("trained")[-1] == "Completed"


def test_a_list_has_pages_in_both_directions(twin: Foundry) -> None:
    for number in range(4):
        twin.create(f"page-{number}", tags={"list": "pages"})
    wanted = {"tag": "list=pages", "order": "asc", "limit": 2}

    first = twin.get("/training_jobs", **wanted)
    second = twin.get("/training_jobs", **wanted, after=first["last_id"])
    back = twin.get("/training_jobs", **wanted, before=second["first_id"])

    assert [job["name"] for job in first["data"]] == ["page-0", "page-1"]
    assert first["has_more"]
    assert [job["name"] for job in second["data"]] == ["page-2", "page-3"]
    assert not second["has_more"]
    assert back == {**first, "data": back["data"], "has_more": False}
    assert names(twin, tag="list=pages", limit=1) == ["page-3"]


def test_a_list_can_be_filtered(twin: Foundry) -> None:
    twin.create("red", tags={"colour": "red"}, properties={"size": "1", "x": ""})
    twin.create("blue", tags={"colour": "blue"}, properties={"size": "2"})

    assert names(twin, tag="colour=red") == ["red"]
    assert names(twin, tag="colour") == ["blue", "red"]
    assert names(twin, properties="size=1, x") == ["red"]
    assert names(twin, properties="size", job_type="command") == ["blue", "red"]
    assert names(twin, properties="size", job_type="sweep") == []


def test_archived_jobs_are_shown_when_asked_for(twin: Foundry) -> None:
    twin.put("kept", tags={"view": "1"})
    twin.put("put-away", tags={"view": "1"}, isArchived=True)

    assert names(twin, tag="view") == ["kept"]
    assert names(twin, tag="view", list_view_type="active_only") == ["kept"]
    assert names(twin, tag="view", list_view_type="archived_only") == ["put-away"]
    assert names(twin, tag="view", list_view_type="all") == ["put-away", "kept"]


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"order": "up"}, {"after": "none"}, {"list_view_type": "ActiveOnly"}],
)
def test_a_list_that_cannot_be_is_refused(twin: Foundry, query: dict[str, str]) -> None:
    assert twin.send("GET", "/training_jobs", params=query).status_code == 400


def test_the_default_project_is_the_project(twin: Foundry) -> None:
    url = str(twin.service.info["foundry"]).replace("/demo", "/_project")

    answer = twin.follow(f"{url}/training_jobs/echo?api-version=v1")

    assert answer.status_code == 200


def test_a_job_keeps_what_was_sent(twin: Foundry) -> None:
    sent = a_training_job(gpu_count=2, queue_settings={"job_tier": "Spot"}, description="why")

    twin.create("kept-whole", **sent)

    shown = twin.get("/training_jobs/kept-whole")["properties"]
    assert {name: shown[name] for name in sent} == sent
