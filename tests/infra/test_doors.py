"""Every way in is closed to who has no token, and none is in plain text."""

import re

import pytest

from tests.infra.bicep import Raw, Value, all_files, read, resources
from tests.infra.files import as_object, properties, resource, texts

# Each kind has been looked at: does it listen, and if so is it told below how?
KNOWN = {
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Authorization/roleDefinitions",
    "Microsoft.Insights/components",
    "Microsoft.Insights/metricAlerts",
    "Microsoft.Insights/scheduledQueryRules",
    "Microsoft.Insights/workbooks",
    "Microsoft.MachineLearningServices/workspaces/jobs",
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    "Microsoft.Network/privateEndpoints",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.ServiceBus/namespaces",
    "Microsoft.ServiceBus/namespaces/queues",
    "Microsoft.ServiceBus/namespaces/topics",
    "Microsoft.ServiceBus/namespaces/topics/subscriptions",
    "Microsoft.ServiceBus/namespaces/topics/subscriptions/rules",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Storage/storageAccounts/blobServices",
    "Microsoft.Storage/storageAccounts/blobServices/containers",
    "Microsoft.Storage/storageAccounts/tableServices",
    "Microsoft.Storage/storageAccounts/tableServices/tables",
    "Microsoft.Web/serverfarms",
    "Microsoft.Web/sites",
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    "Microsoft.Web/sites/config",
}
TAGGED = KNOWN - {
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Authorization/roleDefinitions",
    "Microsoft.MachineLearningServices/workspaces/jobs",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
}
CLOSED = [
    ("storage.bicep", "account", "allowBlobPublicAccess", False),
    ("storage.bicep", "account", "allowSharedKeyAccess", False),
    ("storage.bicep", "account", "minimumTlsVersion", "TLS1_2"),
    ("storage.bicep", "account", "supportsHttpsTrafficOnly", True),
    ("storage.bicep", "deployments", "publicAccess", "None"),
    ("bus.bicep", "namespace", "disableLocalAuth", True),
    ("bus.bicep", "namespace", "minimumTlsVersion", "1.2"),
    ("functions.bicep", "app", "httpsOnly", True),
    ("monitoring.bicep", "insights", "DisableLocalAuth", True),
    ("monitoring.bicep", "logs", "features", {"disableLocalAuth": True}),
    (
        "functions.bicep",
        "app",
        "siteConfig",
        {"ftpsState": "Disabled", "minTlsVersion": "1.2", "scmMinTlsVersion": "1.2"},
    ),
    ("entra.bicep", "door", "httpSettings", {"requireHttps": True}),
    (
        "entra.bicep",
        "door",
        "globalValidation",
        {"requireAuthentication": True, "unauthenticatedClientAction": "Return401"},
    ),
]


@pytest.mark.parametrize(("file", "name", "field", "value"), CLOSED)
def test_a_door_is_closed(file: str, name: str, field: str, value: Value) -> None:
    assert properties(file, name)[field] == value


def test_no_kind_of_resource_came_in_unseen() -> None:
    made = (each for path in all_files() for each in resources(read(path)) if not each.is_existing)

    assert {each.head for each in made} == KNOWN


@pytest.mark.parametrize(("name", "way"), [("byFtp", "ftp"), ("byHttp", "scm")])
def test_code_is_not_deployed_with_a_password(name: str, way: str) -> None:
    policy = as_object(resource("functions.bicep", name).value)

    assert policy == {"name": way, "properties": {"allow": False}}


@pytest.mark.parametrize(
    ("file", "name"), [("storage.bicep", "account"), ("bus.bicep", "namespace")]
)
def test_behind_private_endpoints_nothing_is_public(file: str, name: str) -> None:
    assert properties(file, name)["publicNetworkAccess"] == Raw(
        "isPrivate ? 'Disabled' : 'Enabled'"
    )


def test_nothing_speaks_plain_http() -> None:
    assert [name for name, text in texts().items() if re.search(r"http://", text)] == []


def test_what_can_have_tags_has_the_given_ones() -> None:
    made = [each for path in all_files() for each in resources(read(path)) if not each.is_existing]
    own = {each.head: str(each.value) for each in made if "'location':" in str(each.value)}

    assert set(own) <= TAGGED
    assert [kind for kind, body in own.items() if "common.tags" not in body] == []
