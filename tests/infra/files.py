"""The files of the infrastructure, and how to find something in them."""

from pathlib import Path

from tests.infra.bicep import INFRA, Declaration, Object, Value, read, resources

ROOT = INFRA.parent
APP = INFRA / "app"


def resource(file: str, name: str) -> Declaration:
    """A resource of a file, nested or not."""
    return next(each for each in resources(read(APP / file)) if each.name == name)


def declared(file: str, name: str) -> Declaration:
    """Another declaration of a file."""
    return next(each for each in read(APP / file) if each.name == name)


def as_object(value: Value) -> Object:
    """A value that is an object."""
    assert isinstance(value, dict), value
    return value


def as_list(value: Value) -> list[Value]:
    """A value that is a list."""
    assert isinstance(value, list), value
    return value


def properties(file: str, name: str) -> Object:
    """The properties of a resource."""
    return as_object(as_object(resource(file, name).value)["properties"])


def texts() -> dict[str, str]:
    """Every file that says how to deploy, by name."""
    others = [ROOT / "azure.yaml", *(ROOT / ".github").rglob("*.yml")]
    paths: list[Path] = [each for each in INFRA.rglob("*") if each.is_file()]
    return {each.relative_to(ROOT).as_posix(): each.read_text("utf-8") for each in paths + others}
