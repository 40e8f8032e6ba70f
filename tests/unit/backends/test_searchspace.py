"""A search space is read in either form, and written in the service's."""

import json
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from shared.backends.workspace import searchspace
from shared.errors import Fault
from shared.messages import parse
from tests.fuzz.strategies import documents, fuzzing, names

AT = "/sweep/searchSpace"
DISTRIBUTION = 'a distribution, like ["uniform", [0.1, 0.9]] or {"type": "choice", "values": [1]}'
KINDS = (
    "one of: choice, randint, uniform, loguniform, quniform, qloguniform, normal, lognormal, "
    "qnormal, qlognormal"
)
SCALAR = "a string, a number, true or false, or an object of such and of distributions"
RANGE = {"min_value": -6, "max_value": -1.5}
BOTH_FORMS = [
    ({"type": "choice", "values": [16, 0.5, "x", True]}, ["choice", [[16, 0.5, "x", True]]]),
    ({"type": "randint", "upper": 10}, ["randint", [10]]),
    ({"type": "uniform", **RANGE}, ["uniform", [-6, -1.5]]),
    ({"type": "loguniform", **RANGE}, ["loguniform", [-6, -1.5]]),
    ({"type": "quniform", **RANGE, "q": 0.5}, ["quniform", [-6, -1.5, 0.5]]),
    ({"type": "qloguniform", **RANGE, "q": 2}, ["qloguniform", [-6, -1.5, 2]]),
    ({"type": "normal", "mu": 0, "sigma": 1}, ["normal", [0, 1]]),
    ({"type": "lognormal", "mu": -1, "sigma": 0.1}, ["lognormal", [-1, 0.1]]),
    ({"type": "qnormal", "mu": 0, "sigma": 1, "q": 2}, ["qnormal", [0, 1, 2]]),
    ({"type": "qlognormal", "mu": 0, "sigma": 1, "q": 2}, ["qlognormal", [0, 1, 2]]),
]


def wire(entry: object) -> Any:
    """The only entry of a search space without faults, as the service takes it."""
    written, faults = searchspace.wire({"x": entry}, at=AT)
    assert faults == []
    return written["x"]


def faults(entry: object) -> list[Fault]:
    """What is wrong with the only entry, with paths from there."""
    written, found = searchspace.wire({"x": entry}, at="")
    assert written == {}
    return [Fault(fault.path.removeprefix("/x"), fault.found, fault.expected) for fault in found]


@pytest.mark.parametrize(("entry", "expected"), BOTH_FORMS)
def test_a_distribution_is_read_in_both_forms(entry: object, expected: object) -> None:
    assert wire(entry) == expected
    assert wire(expected) == expected


def test_a_distribution_is_named_in_any_case_and_its_members_in_camel_case() -> None:
    given = {"type": "QUniform", "minValue": 0, "maxValue": 1, "q": 0.25}

    assert wire(given) == ["quniform", [0, 1, 0.25]]
    assert wire(["LogNormal", [0, 1]]) == ["lognormal", [0, 1]]


def test_members_may_stand_in_any_order() -> None:
    given = {"q": 3, "max_value": 2, "min_value": 1, "type": "quniform"}

    assert wire(given) == ["quniform", [1, 2, 3]]


def test_objects_to_choose_may_hold_distributions_in_either_form_at_any_depth() -> None:
    given = {
        "type": "choice",
        "values": [
            {"model": "svm", "kernel": ["Choice", [["rbf", {"c": ["uniform", [0, 1]]}]]]},
            {"model": "tree", "depth": {"type": "randint", "upper": 9}, "pruned": True},
            "none",
        ],
    }
    expected = [
        "choice",
        [
            [
                {"model": "svm", "kernel": ["choice", [["rbf", {"c": ["uniform", [0, 1]]}]]]},
                {"model": "tree", "depth": ["randint", [9]], "pruned": True},
                "none",
            ]
        ],
    ]

    assert wire(given) == expected
    assert wire(expected) == expected


def test_a_choice_may_nest_as_deep_as_a_message_does() -> None:
    entry: Any = {"type": "choice", "values": [1]}
    for _ in range(20):
        entry = {"type": "choice", "values": [{"x": entry}]}
    message = parse(json.dumps({"searchSpace": {"x": entry}}).encode())

    written, found = searchspace.wire(message["searchSpace"], at=AT)

    assert found == []
    assert json.dumps(written).count("choice") == 21


@pytest.mark.parametrize(
    ("space", "found"),
    [({}, "an empty object"), ([], "a list"), (None, "null"), ("x", "a string")],
)
def test_a_search_space_has_at_least_one_entry(space: object, found: str) -> None:
    expected = [Fault(AT, found, "an object with at least one entry")]

    assert searchspace.wire(space, at=AT) == ({}, expected)


@pytest.mark.parametrize("name", ["1x", "x-y", "", "x" * 256, "ä"])
def test_an_entry_has_a_name_that_a_command_can_use(name: str) -> None:
    written, (fault,) = searchspace.wire({name: ["randint", [9]]}, at=AT)

    assert written == {}
    assert fault.path.startswith(f"{AT}/")
    assert (fault.found, fault.expected) == (
        "a name",
        "a name of letters, digits and _, at most 255, no digit first",
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (1, [Fault("", "a number", DISTRIBUTION)]),
        (None, [Fault("", "null", DISTRIBUTION)]),
        ([], [Fault("", "a list", DISTRIBUTION)]),
        (["uniform", 0, 1], [Fault("", "a list", DISTRIBUTION)]),
        (["gauss", [0, 1]], [Fault("/0", "a string", KINDS)]),
        ([1, [0, 1]], [Fault("/0", "a number", KINDS)]),
        ({"values": [1]}, [Fault("/type", "nothing", KINDS)]),
        ({"type": "gauss"}, [Fault("/type", "a string", KINDS)]),
        ({"type": ["choice"]}, [Fault("/type", "a list", KINDS)]),
        (["uniform", [0]], [Fault("/1", "a list", "a list of 2: min_value, max_value")]),
        (["qnormal", [0, 1]], [Fault("/1", "a list", "a list of 3: mu, sigma, q")]),
        (["randint", 10], [Fault("/1", "a number", "a list of 1: upper")]),
        (["choice", [16, 32]], [Fault("/1", "a list", "a list of 1: values")]),
        (["choice", [16]], [Fault("/1/0", "a number", "a list of at least one value")]),
    ],
)
def test_what_is_no_distribution_is_told_what_one_is(entry: object, expected: list[Fault]) -> None:
    assert faults(entry) == expected


def test_members_are_those_of_the_distribution() -> None:
    given = {"type": "uniform", "min_value": 0, "minValue": 0, "values": [1]}

    assert faults(given) == [
        Fault("/minValue", "the same name twice", "each name once"),
        Fault("/values", "an unknown field", "one of: min_value, max_value"),
        Fault("/max_value", "nothing", "required"),
    ]


@pytest.mark.parametrize("upper", [0, -1, 1.5, 10.0, "10", True, None])
def test_the_upper_bound_of_a_randint_is_a_count(upper: object) -> None:
    (fault,) = faults(["randint", [upper]])

    assert (fault.path, fault.expected) == ("/1/0", "an integer of at least 1")


@pytest.mark.parametrize("number", ["1", True, None, [], 1e999, float("nan"), 10**400])
def test_numbers_are_finite(number: object) -> None:
    (fault,) = faults({"type": "normal", "mu": number, "sigma": 1})

    assert (fault.path, fault.expected) == ("/mu", "a number")


@pytest.mark.parametrize("number", [0, -0.5, "1", False])
@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({"type": "normal", "mu": 0, "sigma": None}, "/sigma"),
        ({"type": "quniform", **RANGE, "q": None}, "/q"),
    ],
)
def test_sigma_and_q_are_greater_than_0(entry: dict[str, Any], path: str, number: object) -> None:
    (fault,) = faults({**entry, path[1:]: number})

    assert (fault.path, fault.expected) == (path, "a number greater than 0")


@pytest.mark.parametrize("high", [1, 0.5, -1])
def test_a_range_ends_above_where_it_begins(high: float) -> None:
    expected = ("a number", "a number greater than min_value")

    assert faults(["uniform", [1, high]]) == [Fault("/1/1", *expected)]
    assert faults({"type": "qloguniform", "maxValue": high, "minValue": 1, "q": 1}) == [
        Fault("/maxValue", *expected)
    ]


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ([], Fault("/values", "an empty list", "a list of at least one value")),
        (3, Fault("/values", "a number", "a list of at least one value")),
        ([1, None], Fault("/values/1", "null", SCALAR)),
        ([["uniform", [0, 1]]], Fault("/values/0", "a list", SCALAR)),
        ([{}], Fault("/values/0", "an empty object", "an object with at least one entry")),
        (
            [{"a-b": 1}],
            Fault(
                "/values/0/a-b",
                "a name",
                "a name of letters, digits and _, at most 255, no digit first",
            ),
        ),
        ([{"a": None}], Fault("/values/0/a", "null", DISTRIBUTION)),
        ([{"a": {"b": 1}}], Fault("/values/0/a/type", "nothing", KINDS)),
        (
            [1, {"a": ["choice", [[{"b": ["randint", [0]]}]]]}],
            Fault("/values/1/a/1/0/0/b/1/0", "a number", "an integer of at least 1"),
        ),
    ],
)
def test_values_are_scalars_or_objects_of_such_and_of_distributions(
    values: object, fault: Fault
) -> None:
    assert faults({"type": "choice", "values": values}) == [fault]


def test_every_fault_is_told_and_what_is_right_is_written() -> None:
    space = {"lr": ["uniform", [1, 0]], "n": {"type": "randint"}, "b": ["choice", [[1]]]}

    written, found = searchspace.wire(space, at=AT)

    assert written == {"b": ["choice", [[1]]]}
    assert [fault.path for fault in found] == [f"{AT}/lr/1/1", f"{AT}/n/upper"]


def test_an_input_that_names_an_entry_leaves_it_one_value() -> None:
    assert searchspace.fixed(0.1) == ["choice", [[0.1]]]
    assert wire(searchspace.fixed("adam")) == ["choice", [["adam"]]]


@pytest.mark.parametrize(
    ("algorithm", "entry", "expected"),
    [
        ("Grid", ["choice", [[1]]], []),
        (
            "Grid",
            ["uniform", [0, 1]],
            [Fault(f"{AT}/x", "uniform", "choice: Grid sampling knows no other")],
        ),
        (
            "grid",
            ["choice", [[1, {"a": ["randint", [9]], "b": ["choice", [[2]]], "c": 3}]]],
            [Fault(f"{AT}/x", "randint", "choice: Grid sampling knows no other")],
        ),
        ("Bayesian", ["choice", [[1]]], []),
        ("Bayesian", ["uniform", [0, 1]], []),
        ("Bayesian", ["quniform", [0, 1, 0.5]], []),
        (
            "Bayesian",
            ["normal", [0, 1]],
            [
                Fault(
                    f"{AT}/x",
                    "normal",
                    "choice or uniform or quniform: Bayesian sampling knows no other",
                )
            ],
        ),
        ("Random", ["normal", [0, 1]], []),
        ("Grid", ["of tomorrow", [1]], []),
        ("Grid", ["of tomorrow"], []),
        ("Grid", "of tomorrow", []),
    ],
)
def test_some_ways_of_sampling_know_some_distributions_only(
    algorithm: str, entry: object, expected: list[Fault]
) -> None:
    assert list(searchspace.unfit({"x": entry}, algorithm, at=AT)) == expected


def a_choice(values: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """A choice of values, in both forms."""
    people, service = [value for value, _ in values], [value for _, value in values]
    return {"type": "choice", "values": people}, ["choice", [service]]


def an_object(members: dict[str, tuple[Any, Any]]) -> tuple[Any, Any]:
    """An object to choose, with its members in both forms."""
    return (
        {name: people for name, (people, _) in members.items()},
        {name: service for name, (_, service) in members.items()},
    )


scalars = st.sampled_from([1, 0.5, "x", False]).map(lambda value: (value, value))
in_both_forms = st.recursive(
    st.sampled_from(BOTH_FORMS),
    lambda inside: st.lists(
        scalars
        | st.dictionaries(
            st.sampled_from(["a", "b", "type", "values"]), scalars | inside, min_size=1, max_size=3
        ).map(an_object),
        min_size=1,
        max_size=3,
    ).map(a_choice),
    max_leaves=6,
)


@fuzzing(300)
@given(in_both_forms)
def test_both_forms_of_a_distribution_are_the_same(forms: tuple[object, object]) -> None:
    people, service = forms

    event(f"nested: {service not in [form for _, form in BOTH_FORMS]}")
    assert wire(people) == service
    assert wire(service) == service


@fuzzing(300)
@given(
    documents
    | st.dictionaries(
        names, documents | in_both_forms.map(lambda forms: forms[0]), min_size=1, max_size=3
    )
)
def test_whatever_is_sent_has_faults_or_is_written_once_and_for_all(space: Any) -> None:
    written, found = searchspace.wire(space, at=AT)

    event(f"faults: {bool(found)}")
    assert found or set(written) == set(space)
    assert not written or searchspace.wire(written, at=AT) == (written, [])
    assert all(fault.path.startswith(AT) for fault in found)


@fuzzing(300)
@given(st.dictionaries(names, documents, max_size=3), st.sampled_from(["Grid", "Bayesian"]))
def test_whatever_a_template_has_can_be_looked_at(space: Any, algorithm: str) -> None:
    assert list(searchspace.unfit(space, algorithm, at=AT)) == []
