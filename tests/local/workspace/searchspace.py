"""The search space of a sweep: which values its hyperparameters may take.

On the wire each is an array of a kind and its arguments, `["uniform", [0.1, 0.9]]`, as in
https://github.com/Azure/azureml-examples/blob/main/cli/train-rest.sh and as azure-ai-ml 1.35 sends
it (`entities/_job/sweep/search_space.py`). Whether the service takes the objects of the YAML form
as well is not known, so they are refused. Kinds and arguments are those of
https://learn.microsoft.com/azure/machine-learning/reference-yaml-job-sweep#parameter-expressions.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from tests.local.workspace.schema import Json

ARGUMENTS = {
    "choice": ("values",),
    "randint": ("upper",),
    "uniform": ("min", "max"),
    "loguniform": ("min", "max"),
    "quniform": ("min", "max", "q"),
    "qloguniform": ("min", "max", "q"),
    "normal": ("mu", "sigma"),
    "lognormal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
    "qlognormal": ("mu", "sigma", "q"),
}
LARGEST = 1e100  # its square is still a number


def is_expression(value: Any) -> bool:
    """Tell whether a value is an array that names a kind."""
    return isinstance(value, list) and bool(value) and _known(value[0])


def kinds(expression: Any) -> set[str]:
    """Give the kind of an expression, and the kinds within its choices."""
    kind, arguments = expression
    within = (inner for value in _objects(kind, arguments) for inner in value.values())
    return {kind}.union(*(kinds(inner) for inner in within if is_expression(inner)))


def _checked(expression: Any) -> Any:
    if isinstance(expression, dict):
        raise ValueError("is an object, as in YAML: here it must be an array [kind, arguments]")
    if not is_expression(expression) or len(expression) != 2:
        raise ValueError(
            f"must be an array [kind, arguments], the kind one of {', '.join(ARGUMENTS)}"
        )
    kind, arguments = expression
    names = ARGUMENTS[kind]
    if not isinstance(arguments, list) or len(arguments) != len(names):
        raise ValueError(f"{kind} takes an array of arguments: {', '.join(names)}")
    if kind == "choice":
        _check_values(arguments[0])
    else:
        _check_numbers(kind, dict(zip(names, arguments, strict=True)))
    return expression


def _check_values(values: Any) -> None:
    if not isinstance(values, list) or not values:
        raise ValueError("choice takes an array with at least one value")
    for value in values:
        if isinstance(value, dict):
            _check_members(value)
        elif not isinstance(value, str | int | float):
            raise ValueError("a value of a choice is a number, a text, a boolean or an object")


def _check_members(value: Json) -> None:
    for name, member in value.items():
        if is_expression(member):
            try:
                _checked(member)
            except ValueError as exc:
                raise ValueError(f"member {name}: {exc}") from exc


def _check_numbers(kind: str, given: Json) -> None:
    for name, value in given.items():
        if not _is_number(value):
            raise ValueError(f"{name} of {kind} must be a number")
    faults = {
        "upper must be a whole number above 0": not _is_count(given.get("upper", 1)),
        "min is above max": given.get("min", 0) > given.get("max", 0),
        "sigma is below 0": given.get("sigma", 0) < 0,
        "q must be above 0": given.get("q", 1) <= 0,
    }
    for fault, is_there in faults.items():
        if is_there:
            raise ValueError(f"{kind}: {fault}")


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and -LARGEST <= value <= LARGEST
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value > 0


def _known(kind: Any) -> bool:
    return isinstance(kind, str) and kind in ARGUMENTS


def _objects(kind: str, arguments: Any) -> list[Json]:
    values = arguments[0] if kind == "choice" else []
    return [value for value in values if isinstance(value, dict)]


# azure-ai-ml 1.35 sends no other names (`validate_key_contains_allowed_characters`).
Name = Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]
SearchSpace = Annotated[dict[Name, Annotated[Any, AfterValidator(_checked)]], Field(min_length=1)]
