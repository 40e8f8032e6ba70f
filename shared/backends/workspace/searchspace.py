"""What a sweep tries: a distribution for each name, read in either form, written in the service's.

The service takes `["uniform", [0.1, 0.9]]` and `["choice", [[16, 32]]]` (azure-ai-ml 1.35,
`entities/_job/sweep/search_space.py`); people write `{"type": "choice", "values": [16, 32]}`
(learn.microsoft.com/azure/machine-learning/reference-yaml-job-sweep). A value of a choice may be an
object, whose members may be distributions again.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from shared.errors import Fault
from shared.messages.fields import PARAMETER_NAME
from shared.messages.inputs import Plain
from shared.messages.reading import kind, pointer
from shared.ports import Json

RANGE, BELL = ("min_value", "max_value"), ("mu", "sigma")
# What each distribution has, in the order of its arguments.
MEMBERS = {
    "choice": ("values",),
    "randint": ("upper",),
    "uniform": RANGE,
    "loguniform": RANGE,
    "quniform": (*RANGE, "q"),
    "qloguniform": (*RANGE, "q"),
    "normal": BELL,
    "lognormal": BELL,
    "qnormal": (*BELL, "q"),
    "qlognormal": (*BELL, "q"),
}
KINDS = f"one of: {', '.join(MEMBERS)}"
MEMBER_OF = {"minValue": "min_value", "maxValue": "max_value"}
# What some ways of sampling are limited to:
# learn.microsoft.com/azure/machine-learning/how-to-tune-hyperparameters
FIT = {"grid": ("choice",), "bayesian": ("choice", "uniform", "quniform")}

DISTRIBUTION = 'a distribution, like ["uniform", [0.1, 0.9]] or {"type": "choice", "values": [1]}'
SCALAR = "a string, a number, true or false"
NAMED = "a name of letters, digits and _, at most 255, no digit first"

Place = tuple[str, Any]

# Which numbers each may be, and how that is told.
RULES: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "upper": (lambda upper: isinstance(upper, int) and upper >= 1, "an integer of at least 1"),
    "min_value": (lambda _: True, "a number"),
    "max_value": (lambda _: True, "a number"),
    "mu": (lambda _: True, "a number"),
    "sigma": (lambda sigma: sigma > 0, "a number greater than 0"),
    "q": (lambda q: q > 0, "a number greater than 0"),
}


def wire(space: object, *, at: str) -> tuple[Json, list[Fault]]:
    """The entries in the service's form, as far as they are right, and all that is wrong."""
    if not isinstance(space, dict) or not space:
        found = "an empty object" if space == {} else kind(space)
        return {}, [Fault(at, found, "an object with at least one entry")]
    faults = {name: list(_faults_of_entry(name, entry, at)) for name, entry in space.items()}
    entries = {name: _wired(entry) for name, entry in space.items() if not faults[name]}
    return entries, [fault for each in faults.values() for fault in each]


def unfit(space: Mapping[str, Any], algorithm: str, *, at: str) -> Iterator[Fault]:
    """What a way of sampling cannot draw from, in a search space in the service's form."""
    fit = FIT.get(algorithm.casefold(), tuple(MEMBERS))
    for name, entry in space.items():
        expected = f"{' or '.join(fit)}: {algorithm.capitalize()} sampling knows no other"
        for each in dict.fromkeys(_kinds(entry)):
            if each in MEMBERS and each not in fit:
                yield Fault(pointer(at, name), each, expected)


def fixed(value: Plain) -> list[Any]:
    """The distribution that is always this value."""
    return ["choice", [[value]]]


def _faults_of_entry(name: str, entry: object, at: str) -> Iterator[Fault]:
    yield from _faults_of_name(name, at)
    yield from _faults(entry, pointer(at, name))


def _faults_of_name(name: str, at: str) -> Iterator[Fault]:
    if not PARAMETER_NAME.fullmatch(name):
        yield Fault(pointer(at, name), "a name", NAMED)


def _faults(entry: object, at: str) -> Iterator[Fault]:
    """What is wrong with a distribution in either form."""
    if isinstance(entry, dict):
        yield from _faults_of_object(entry, at)
    elif isinstance(entry, list):
        yield from _faults_of_array(entry, at)
    else:
        yield Fault(at, kind(entry), DISTRIBUTION)


def _faults_of_object(entry: Json, at: str) -> Iterator[Fault]:
    """What is wrong with `{"type": "uniform", "min_value": 0.1, "max_value": 0.9}`."""
    members = MEMBERS.get(_word(entry.get("type")))
    if members is None:
        found = kind(entry["type"]) if "type" in entry else "nothing"
        yield Fault(f"{at}/type", found, KINDS)
        return
    given: dict[str, Place] = {}
    for name, value in entry.items():
        member, place = MEMBER_OF.get(name, name), pointer(at, name)
        if member in given:
            yield Fault(place, "the same name twice", "each name once")
        elif member in members:
            given[member] = (place, value)
        elif name != "type":
            yield Fault(place, "an unknown field", f"one of: {', '.join(members)}")
    for member in members:
        if member not in given:
            yield Fault(f"{at}/{member}", "nothing", "required")
    yield from _faults_of_members(given)


def _faults_of_array(entry: list[Any], at: str) -> Iterator[Fault]:
    """What is wrong with `["uniform", [0.1, 0.9]]`."""
    match entry:
        case [word, arguments] if _word(word) in MEMBERS:
            yield from _faults_of_arguments(MEMBERS[_word(word)], arguments, f"{at}/1")
        case [word, _]:
            yield Fault(f"{at}/0", kind(word), KINDS)
        case _:
            yield Fault(at, "a list", DISTRIBUTION)


def _faults_of_arguments(members: Sequence[str], arguments: object, at: str) -> Iterator[Fault]:
    """What is wrong with the second part of it."""
    if not isinstance(arguments, list) or len(arguments) != len(members):
        yield Fault(at, kind(arguments), f"a list of {len(members)}: {', '.join(members)}")
        return
    places = [(pointer(at, index), argument) for index, argument in enumerate(arguments)]
    yield from _faults_of_members(dict(zip(members, places, strict=True)))


def _faults_of_members(given: Mapping[str, Place]) -> Iterator[Fault]:
    """What is wrong with what a distribution has."""
    for member, (place, value) in given.items():
        if member == "values":
            yield from _faults_of_values(value, place)
        elif not _is_number(value) or not RULES[member][0](value):
            yield Fault(place, kind(value), RULES[member][1])
    match [given[member] for member in RANGE if member in given]:
        case [(_, low), (place, high)] if _is_number(low) and _is_number(high) and low >= high:
            yield Fault(place, "a number", "a number greater than min_value")


def _faults_of_values(values: object, at: str) -> Iterator[Fault]:
    """What is wrong with the values of a choice."""
    if not isinstance(values, list) or not values:
        found = "an empty list" if values == [] else kind(values)
        yield Fault(at, found, "a list of at least one value")
        return
    for index, value in enumerate(values):
        place = pointer(at, index)
        if isinstance(value, dict):
            yield from _faults_of_nested(value, place)
        elif not _is_scalar(value):
            yield Fault(place, kind(value), f"{SCALAR}, or an object of such and of distributions")


def _faults_of_nested(value: Json, at: str) -> Iterator[Fault]:
    """What is wrong with an object to choose."""
    if not value:
        yield Fault(at, "an empty object", "an object with at least one entry")
    for name, inside in value.items():
        yield from _faults_of_name(name, at)
        if not _is_scalar(inside):
            yield from _faults(inside, pointer(at, name))


def _wired(entry: Any) -> list[Any]:
    """A distribution without faults, in the service's form."""
    if isinstance(entry, dict):
        given = {MEMBER_OF.get(name, name): value for name, value in entry.items()}
        word = _word(entry["type"])
        arguments = [given[member] for member in MEMBERS[word]]
    else:
        word, arguments = _word(entry[0]), entry[1]
    if word == "choice":
        arguments = [[_wired_value(value) for value in arguments[0]]]
    return [word, arguments]


def _wired_value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: inside if _is_scalar(inside) else _wired(inside) for name, inside in value.items()
    }


def _kinds(entry: object) -> Iterator[str]:
    """The distributions in an entry, those inside a choice included."""
    match entry:
        case [str(word), [list(values)]]:
            yield _word(word)
            nested = [value for value in values if isinstance(value, dict)]
            for inside in (each for value in nested for each in value.values()):
                yield from _kinds(inside)
        case [str(word), _]:
            yield _word(word)


def _word(value: object) -> str:
    """The kind of a distribution, in the service's case."""
    return value.casefold() if isinstance(value, str) else ""


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | bool) or _is_number(value)


def _is_number(value: Any) -> bool:
    """Is it a number that a double holds? NaN and infinity are none."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) <= sys.float_info.max
    )
