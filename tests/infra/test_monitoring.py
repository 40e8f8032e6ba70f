"""Alerts and workbook ask for what the app tells, and every alert says what to do."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.bicep import INFRA
from tests.infra.files import ROOT, as_list, as_object, declared, properties
from tests.infra.metrics import METRICS

METRIC = re.compile(r"\bjobrelay\.[a-z.]*[a-z]")
DIMENSION = re.compile(r"customDimensions\.(\w+)")
FUNCTION = re.compile(r'^requests \| where name == "(\w+)"')
TABLES = {"customMetrics", "requests", "exceptions"}


def rules() -> list[dict[str, Any]]:
    """The questions to the logs."""
    return [as_object(each) for each in as_list(declared("rules.bicep", "rules").value)]


def workbook() -> Any:
    return json.loads((INFRA / "workbook.json").read_text("utf-8"))


def queries() -> Iterator[tuple[str, str]]:
    """Every query, with what it is called."""
    yield from ((rule["name"], rule["query"]) for rule in rules())
    for item in workbook()["items"]:
        if item["type"] == 3:
            yield item["name"], item["content"]["query"]


QUERIES = dict(queries())


def sections() -> set[str]:
    """The headings of the handbook below `Alerts`."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    alerts = text.partition("\n## Alerts\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^### (.+)$", alerts, re.MULTILINE))


def test_no_two_queries_have_one_name() -> None:
    assert len(list(queries())) == len(QUERIES)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_for_metrics_that_there_are(name: str) -> None:
    asked = set(METRIC.findall(QUERIES[name]))

    assert asked <= set(METRICS)
    assert bool(asked) == QUERIES[name].startswith("customMetrics")


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_asks_for_dimensions_that_its_metrics_have(name: str) -> None:
    asked = set(DIMENSION.findall(QUERIES[name]))
    metrics = set(METRIC.findall(QUERIES[name]))

    assert [metric for metric in metrics if not asked <= METRICS[metric]] == []
    assert QUERIES[name].count("customDimensions") == len(DIMENSION.findall(QUERIES[name]))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_begins_with_a_table(name: str) -> None:
    assert re.split(r"\s", QUERIES[name])[0] in TABLES


def test_no_metric_is_told_in_vain() -> None:
    assert {metric for query in QUERIES.values() for metric in METRIC.findall(query)} == set(
        METRICS
    )


def test_a_function_that_is_waited_for_exists() -> None:
    functions = re.findall(r"^def (\w+)", (ROOT / "function_app.py").read_text("utf-8"), re.M)
    awaited = [found[1] for found in map(FUNCTION.match, QUERIES.values()) if found]

    assert awaited == ["poll_runs"]
    assert set(awaited) <= set(functions)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["name"]))
def test_a_rule_measures_one_column_and_splits_by_others(rule: dict[str, Any]) -> None:
    *_, summary = rule["query"].split("| summarize ")
    measure, _, split = summary.partition(" by ")

    assert measure.startswith("measure = ")
    assert [split.partition(" = ")[0]] == (rule["by"] or [""])


def test_every_alert_has_its_section_in_the_handbook() -> None:
    titles = {rule["title"] for rule in rules()} | {"Dead letters"}

    assert sections() == titles


def test_every_alert_tells_where_to_read_on() -> None:
    queried = as_object(properties_of_the_loop())["description"]

    assert str(queried).count("See docs/operations.md, ${rule.title}.") == 1
    assert str(properties("alerts.bicep", "deadLetters")["description"]).endswith(
        "See docs/operations.md, Dead letters."
    )


def properties_of_the_loop() -> Any:
    [body] = as_object(declared("alerts.bicep", "alerts").value).values()
    return as_object(body)["properties"]


def test_an_alert_is_as_grave_as_its_section_says() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    grave = {rule["title"]: rule["severity"] for rule in rules()} | {"Dead letters": 2}
    told = re.findall(r"^### (.+)\n\nSeverity (\d)\.", text, re.MULTILINE)

    assert {title: int(severity) for title, severity in told} == grave


def test_the_workbook_shows_what_it_is_for() -> None:
    titles = [item["content"].get("title", "") for item in workbook()["items"]]

    assert [title for title in titles if title] == [
        "Runs in flight",
        "Events by status",
        "Lag from a change to its event, in seconds: mean and worst",
        "Oldest live run, and the one not seen for longest, in seconds",
        "Requests by outcome",
        "Submissions",
        "Budget of reads used, in percent",
        "Budget of writes used, in percent",
        "Throttled (429)",
        "Answers of the targets",
        "Retries by code",
        "Refusals by reason",
        "Functions that failed",
        "Exceptions",
    ]
