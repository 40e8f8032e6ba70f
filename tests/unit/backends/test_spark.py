"""The body of a Spark job, which a request brings whole."""

from typing import Any

import pytest

from shared.errors import Fault, RejectedError
from shared.ports import Json
from shared.runs import JobType
from tests.jobs import ID, OUR_PROPERTIES, OUR_TAGS, a_request, bodies, faults, inline_body

ENTRY: Json = {"sparkJobEntryType": "SparkJobPythonEntry", "file": "main.py"}


def a_job(**fields: Any) -> Json:
    return {"codeId": "etl:3", "entry": ENTRY, **fields}


def refused(**fields: Any) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        bodies(JobType.SPARK).check(a_request(jobType="Spark", **fields))
    return caught.value


def test_a_program_is_sent_with_its_inputs_in_the_words_of_the_service() -> None:
    job = a_job(
        environmentId="spark:2",
        args="--rate ${{inputs.rate}}",
        conf={"spark.driver.cores": "1", "spark.x": None},
        files=[],
        resources={"instanceType": "Standard_E4s_v3", "runtimeVersion": "3.4"},
        inputs={
            "rate": {"type": "literal", "value": 0.5},
            "points": {"type": "uri_file", "uri": "azureml:points:1", "mode": "direct"},
        },
        outputs={"table": {"type": "uri_folder"}},
    )
    request = a_request(
        jobType="Spark",
        template=None,
        job=job,
        inputs={"rate": 2},
        outputs={"table": {"mode": "Direct"}},
        attributes={"identity": {"type": "UserIdentity"}},
    )

    assert inline_body(request) == {
        "jobType": "Spark",
        "codeId": f"{ID}/codes/etl/versions/3",
        "environmentId": f"{ID}/environments/spark/versions/2",
        "entry": ENTRY,
        "args": "--rate ${{inputs.rate}}",
        "conf": {"spark.driver.cores": "1", "spark.x": None},
        "resources": {"instanceType": "Standard_E4s_v3", "runtimeVersion": "3.4"},
        "identity": {"identityType": "UserIdentity"},
        "inputs": {
            "rate": {"jobInputType": "literal", "value": "2"},
            "points": {
                "jobInputType": "uri_file",
                "uri": f"{ID}/data/points/versions/1",
                "mode": "Direct",
            },
        },
        "outputs": {"table": {"jobOutputType": "uri_folder", "mode": "Direct"}},
        "tags": OUR_TAGS,
        "properties": OUR_PROPERTIES,
    }


def test_there_are_no_templates_of_it() -> None:
    assert refused(template="etl").faults == (
        Fault("/template", "a template", "a job instead: Spark has no templates"),
    )


def test_it_has_code_and_an_entry() -> None:
    assert refused(template=None, job={"args": "x"}).faults == (
        Fault("/job/codeId", "nothing", "required"),
        Fault("/job/entry", "nothing", "required"),
    )


@pytest.mark.parametrize(
    ("job", "path"),
    [
        (a_job(codeId="etl"), "/job/codeId"),
        (a_job(codeId="etl@latest"), "/job/codeId"),
        (a_job(entry={}), "/job/entry"),
        (a_job(environmentId="spark"), "/job/environmentId"),
        (a_job(inputs={"x": 1}), "/job/inputs/x"),
        (a_job(outputs={"x": {"type": "literal"}}), "/job/outputs/x/type"),
    ],
)
def test_what_we_know_of_it_is_checked(job: Json, path: str) -> None:
    assert faults(refused(template=None, job=job)) == [path]


def test_what_it_has_not_is_refused() -> None:
    refusal = refused(template=None, job=a_job(), sweep={}, attributes={"command": "x"})

    assert faults(refusal) == ["/sweep", "/attributes/command"]
