"""The app may do what it does, and nothing else."""

import re

import pytest

from tests.infra.bicep import Declaration, Raw, Value, all_files, read, resources
from tests.infra.files import as_object, declared, properties, texts

ROLES = {
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
    "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
    "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0": "Azure Service Bus Data Receiver",
    "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39": "Azure Service Bus Data Sender",
    "53ca6127-db72-4b80-b1b0-d745d6d5456d": "Foundry User",
}
ALLOWED = {
    ("Storage Blob Data Owner", "Microsoft.Storage/storageAccounts account"),
    (
        "Storage Table Data Contributor",
        "Microsoft.Storage/storageAccounts/tableServices/tables account::tables::runs",
    ),
    ("Monitoring Metrics Publisher", "Microsoft.Insights/components component"),
    (
        "Azure Service Bus Data Receiver",
        "Microsoft.ServiceBus/namespaces/queues namespace::requests",
    ),
    ("Azure Service Bus Data Sender", "Microsoft.ServiceBus/namespaces/queues namespace::rejects"),
    ("Azure Service Bus Data Sender", "Microsoft.ServiceBus/namespaces/topics namespace::events"),
    ("jobRunner", "Microsoft.MachineLearningServices/workspaces workspace"),
    ("Foundry User", "Microsoft.CognitiveServices/accounts/projects account::project"),
}
ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
BUILT_IN = re.compile(r"subscriptionResourceId\('Microsoft.Authorization/roleDefinitions', (\w+)\)")


def assignments() -> list[tuple[list[Declaration], Declaration]]:
    """Every assignment, with the declarations of its file."""
    files = [read(path) for path in all_files()]
    return [(file, each) for file in files for each in resources(file) if each.head == ASSIGNMENT]


def expression(value: Value) -> str:
    assert isinstance(value, Raw), value
    return value.text


def role(file: list[Declaration], assignment: Declaration) -> str:
    """The name of the role: of a built-in one from its id, of ours its symbol."""
    definition = expression(
        as_object(as_object(assignment.value)["properties"])["roleDefinitionId"]
    )
    built_in = BUILT_IN.fullmatch(definition)
    if not built_in:
        return definition.removesuffix(".id")
    ids = [each.value for each in file if each.kind == "var" and each.name == built_in[1]]
    return ROLES[str(ids[0])]


def place(file: list[Declaration], assignment: Declaration) -> str:
    """What the assignment is about: the type of the resource and its symbol."""
    symbol = expression(as_object(assignment.value)["scope"])
    kinds = {each.name: each.head for each in resources(file)}
    return f"{kinds[symbol.split('::')[-1]]} {symbol}"


def test_the_roles_are_those_of_the_list() -> None:
    given = {(role(file, each), place(file, each)) for file, each in assignments()}

    assert given == ALLOWED
    assert len(assignments()) == len(ALLOWED)


def test_every_role_has_its_reason() -> None:
    assert [each.name for _, each in assignments() if len(each.comment.split()) < 4] == []


def test_an_assignment_is_named_after_what_it_gives() -> None:
    names = [expression(as_object(each.value)["name"]) for _, each in assignments()]

    assert [name for name in names if not re.fullmatch(r"guid\(.+, principalId, .+\)", name)] == []


def test_every_assignment_is_for_the_identity_of_the_app() -> None:
    given = [as_object(as_object(each.value)["properties"]) for _, each in assignments()]

    assert {expression(each["principalId"]) for each in given} == {"principalId"}
    assert {each["principalType"] for each in given} == {"ServicePrincipal"}


def test_the_role_at_a_workspace_has_the_actions_that_the_app_calls() -> None:
    provider = "Microsoft.MachineLearningServices/workspaces"

    assert properties("workspace.bicep", "jobRunner")["permissions"] == [
        {"actions": Raw("calledActions"), "notActions": []}
    ]
    assert declared("workspace.bicep", "calledActions").value == [
        f"{provider}/jobs/read",
        f"{provider}/jobs/write",
        f"{provider}/jobs/cancel/action",
        f"{provider}/experiments/runs/read",
    ]


@pytest.mark.parametrize(
    "secret",
    [
        r"\blist[A-Z]\w*\(",
        r"(?i)listkeys|listsecrets|listaccountsas",
        r"(?i)(shared)?accesskey\s*[=:]|accountkey\s*[=:]|sharedaccesssignature",
        r"(?i)password['\"]?\s*[:=]",
        r"(?i)client_?secret",
        r"@secure",
        r"\bsecrets\.",
        r"StorageAccountConnectionString",
    ],
)
def test_nothing_holds_a_secret(secret: str) -> None:
    assert [name for name, text in texts().items() if re.search(secret, text)] == []


def test_no_output_of_the_whole_is_a_connection_string() -> None:
    outputs = [each.name for path in all_files() for each in read(path) if each.kind == "output"]

    assert [name for name in outputs if re.search(r"(?i)connection|key|secret|token", name)] == []
