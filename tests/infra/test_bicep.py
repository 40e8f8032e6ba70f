"""The reader of Bicep files reads what it says it reads, and refuses the rest."""

from pathlib import Path

import pytest

from tests.infra.bicep import Raw, read, resources

TEXT = """// What this is.

import { Tags } from 'types.bicep'

@description('Optional. It\\'s a name.')
@minLength(1)
param name string = 'a' // the first

type Kind =
  | 'one'
  | 'two'

// Why it is there.
resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = if (name != 'b') {
  name: 'sb-${name}'
  sku: { name: 'Standard', tier: any('x') }
  properties: {
    counts: [1, -2, true, null]
  }

  resource queues 'queues' = [for each in ['jobs', 'late']: {
    name: each
  }]
}

resource old 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: name == 'a' ? 'x' : 'y'
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "main.bicep"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_parameter_has_its_decorators_and_default(file: Path) -> None:
    name = read(file)[1]

    assert (name.kind, name.name, name.head, name.value) == ("param", "name", "string", "a")
    assert name.decorators == {"description": "Optional. It's a name.", "minLength": 1}


def test_a_union_over_lines_is_a_list(file: Path) -> None:
    assert read(file)[2].value == ["one", "two"]


def test_a_resource_has_its_values_and_the_rest_as_written(file: Path) -> None:
    bus = read(file)[3]

    assert bus.value == {
        "name": Raw("'sb-${name}'"),
        "sku": {"name": "Standard", "tier": Raw("any('x')")},
        "properties": {"counts": [1, -2, True, None]},
    }
    assert (bus.comment, bus.is_conditional, bus.is_existing) == ("Why it is there.", True, False)


def test_a_nested_resource_has_the_whole_type(file: Path) -> None:
    found = {each.head: each.value for each in resources(read(file))}

    assert found["Microsoft.ServiceBus/namespaces/queues"] == {
        "for each in ['jobs', 'late']": {"name": Raw("each")}
    }
    assert found["Microsoft.Storage/storageAccounts"] == {"name": Raw("name == 'a' ? 'x' : 'y'")}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("resurce x 'y' = {\n}\n", "main.bicep:1: a statement is expected"),
        ("var x = {\n  a 1\n}\n", "main.bicep:2: one value for a is expected"),
        ("var x = {\n  a: 1\n  a: 2\n}\n", "main.bicep:3: one value for a is expected"),
        ("var x = {\n  ...y\n}\n", "main.bicep:2: a name is expected"),
        ("var x = 'a\n", "main.bicep:1: the end of a string is expected"),
        ("var x = f(1\n", "main.bicep:2: ) is expected"),
        ("var x = [for y in z: {\n}\n", "main.bicep:3: the end of a loop is expected"),
    ],
)
def test_what_cannot_be_read_is_an_error(file: Path, text: str, wrong: str) -> None:
    file.write_text(text, "utf-8")

    with pytest.raises(ValueError, match="expected") as caught:
        read(file)

    assert str(caught.value) == wrong
