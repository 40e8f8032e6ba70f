"""What others send is read strictly: every fault is named by its place, and no value repeated."""

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from shared.errors import Fault, RejectedError
from shared.messages import invalid, parse, read
from shared.messages.reading import MAX_BYTES, MAX_FAULTS, MAX_LEVELS, MAX_PATH, kind, pointer


def refused(body: bytes) -> RejectedError:
    """Why this body is refused."""
    with pytest.raises(RejectedError) as caught:
        parse(body)
    assert caught.value.reason == "invalid"
    return caught.value


def only_fault(body: bytes) -> Fault:
    (fault,) = refused(body).faults
    return fault


def nested(levels: int, *, bracket: str) -> bytes:
    """An object of so many levels in all."""
    pairs = {"[": "[]", "{": '{"a": }'}
    inside = "0"
    for _ in range(levels - 1):
        opening, closing = pairs[bracket][:-1], pairs[bracket][-1]
        inside = f"{opening}{inside}{closing}"
    return f'{{"context": {inside}}}'.encode()


def test_an_object_is_what_its_json_says() -> None:
    body = '{"a": [1, 1.5, true, null, "é 🚀 \\ud83d\\ude80"], "b": {"c": ""}}'.encode()

    assert parse(body) == {"a": [1, 1.5, True, None, "é 🚀 🚀"], "b": {"c": ""}}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"", "no JSON at line 1, column 1"),
        (b" \n", "no JSON at line 2, column 1"),
        (b"{", "no JSON at line 1, column 2"),
        (b'{"a": 1}\n{"a": 1}', "no JSON at line 2, column 1"),
        (b"{'a': 1}", "no JSON at line 1, column 2"),
        (b'{"a": 01}', "no JSON at line 1, column 8"),
        (b'{"a": "line\nbreak"}', "no JSON at line 1, column 12"),
        (b'{"a": "\\x"}', "no JSON at line 1, column 8"),
        (b'{"a": "\\', "no JSON at line 1, column 7"),
        (b'\xff{"a": 1}', "no UTF-8 at byte 0"),
        (b'{"a": "\xed\xa0\x80"}', "no UTF-8 at byte 7"),
        ('{"a": 1}'.encode("utf-16"), "no UTF-8 at byte 0"),
        ('{"a": 1}'.encode("utf-16-le"), "no JSON at line 1, column 2"),
        ('\N{BYTE ORDER MARK}{"a": 1}'.encode(), "a byte order mark"),
        (b"[]", "a list"),
        (b'"text"', "a string"),
        (b"1", "a number"),
        (b"NaN", "a number"),
        (b"true", "a boolean"),
        (b"null", "null"),
    ],
)
def test_what_is_no_object_is_refused_as_a_whole(body: bytes, found: str) -> None:
    fault = only_fault(body)

    assert (fault.path, fault.found) == ("", found)


def test_what_the_host_has_mended_is_refused() -> None:
    assert only_fault('{"a": "Z\N{REPLACEMENT CHARACTER}rich"}'.encode()).path == ""


def test_the_mark_of_mending_may_be_meant_if_it_is_escaped() -> None:
    assert parse(b'{"a": "\\ufffd"}') == {"a": "\N{REPLACEMENT CHARACTER}"}


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    shell = len(b'{"a": ""}')
    largest = b'{"a": "' + b"x" * (MAX_BYTES - shell) + b'"}'

    assert len(parse(largest)["a"]) == MAX_BYTES - shell
    assert only_fault(largest + b" ").found == "262145 bytes"


@pytest.mark.parametrize("bracket", ["[", "{"])
def test_a_body_may_be_as_deep_as_the_limit_and_no_deeper(bracket: str) -> None:
    parse(nested(MAX_LEVELS, bracket=bracket))

    assert only_fault(nested(MAX_LEVELS + 1, bracket=bracket)).found == "deeper nesting"


def test_brackets_in_strings_nest_nothing() -> None:
    brackets = '\\"' + "[{" * 100

    assert parse(f'{{"a": "{brackets}", "b": [[]]}}'.encode())["b"] == [[]]


def test_closing_brackets_pay_for_no_depth() -> None:
    assert only_fault(b"]" * 100 + b"[" * 100).found == "no JSON at line 1, column 1"


def test_a_body_of_nothing_but_brackets_is_refused() -> None:
    assert only_fault(b"[" * MAX_BYTES).found == "deeper nesting"


def test_names_that_stand_twice_are_refused_wherever_they_are() -> None:
    body = b'{"a": 1, "b": [{"c": 1, "d": {"e": 1, "e": 1}, "c": 2}], "a": 1, "a": 1}'

    faults = refused(body).faults

    assert {fault.path for fault in faults} == {"/a", "/b/0/c", "/b/0/d/e"}
    assert {fault.found for fault in faults} == {"the same name twice"}


def test_names_are_the_same_when_their_escapes_are() -> None:
    assert only_fault(b'{"a": 1, "\\u0061": 1}').path == "/a"


def test_a_name_twice_among_very_many_is_found_without_comparing_each_with_each() -> None:
    names = [f'"{number:x}":1' for number in range(26_000)]
    body = f'{{{",".join(names)},"0":1}}'.encode()

    assert only_fault(body).path == "/0"


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 400]
)
def test_a_number_that_no_double_holds_is_refused(number: str) -> None:
    fault = only_fault(f'{{"a": [0, {number}]}}'.encode())

    assert (fault.path, fault.found) == ("/a/1", "a number that no double holds")


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert only_fault(b'{"a": ' + b"9" * 5000 + b"}").found == "a number of too many digits"


@pytest.mark.parametrize("number", [0, -1, 2**70, 1.5, 1e308, 5e-324, -0.0])
def test_a_number_that_a_double_holds_is_read(number: float) -> None:
    assert parse(json.dumps({"a": number}).encode()) == {"a": number}


@pytest.mark.parametrize("code", [0x00, 0x08, 0x0B, 0x0C, 0x0E, 0x1F, 0x7F, 0x80, 0x9F])
@pytest.mark.parametrize("field", ["a", "context", "description"])
def test_control_characters_are_refused_everywhere(code: int, field: str) -> None:
    fault = only_fault(json.dumps({field: {"b": [f"x{chr(code)}y"]}}).encode())

    assert (fault.path, fault.found) == (f"/{field}/b/0", "a control character")


@pytest.mark.parametrize("character", ["\n", "\r", "\t"])
def test_line_breaks_and_tabs_are_fine_where_they_are_meant(character: str) -> None:
    text = f"a{character}b"
    document = {
        "description": text,
        "context": {text: [text]},
        "attributes": {"command": text},
    }

    assert parse(json.dumps(document).encode()) == document


@pytest.mark.parametrize("character", ["\n", "\r", "\t"])
@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"template": "a{}b"}, "/template"),
        ({"command": "a{}b"}, "/command"),
        ({"tags": {"description": "a{}b"}}, "/tags/description"),
        ({"attributes": {"context": "a{}b"}}, "/attributes/context"),
        ({"attributes": {"environmentVariables": {"command": "a{}b"}}}, None),
    ],
)
def test_line_breaks_and_tabs_are_refused_elsewhere(
    character: str, document: dict[str, Any], path: str | None
) -> None:
    body = json.dumps(document).replace("{}", json.dumps(character)[1:-1]).encode()

    assert only_fault(body).path == (path or "/attributes/environmentVariables/command")


def test_a_control_character_in_a_name_is_refused() -> None:
    fault = only_fault(b'{"a": {"x\\u0000": 1}}')

    assert (fault.path, fault.found) == ("/a/?", "a control character in a name")


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "\\udc00\\ud800"])
def test_half_a_surrogate_pair_is_refused(half: str) -> None:
    value = only_fault(f'{{"a": "{half}"}}'.encode())
    name = only_fault(f'{{"a": {{"{half}": 1}}}}'.encode())

    assert (value.path, value.found) == ("/a", "half a surrogate pair")
    assert (name.path, name.found) == ("/a/?", "half a surrogate pair in a name")


def test_every_fault_is_named_at_once() -> None:
    body = b'{"a": "\\u0000", "b": NaN, "c": {"d": 1, "d": 2}, "e": "\\ud800\\u0000"}'

    assert [fault.path for fault in refused(body).faults] == ["/a", "/b", "/c/d", "/e", "/e"]


def test_a_rejection_names_the_first_fault_and_counts_the_others() -> None:
    one = invalid(Fault("/a", "a number", "a string"))
    many = invalid(*[Fault(f"/{number}", "x", "y") for number in range(60)])

    assert str(one) == "/a: found a number, expected a string"
    assert str(many) == "/0: found x, expected y (and 59 more)"
    assert len(many.faults) == MAX_FAULTS


def test_a_fault_of_the_whole_is_told_without_a_path() -> None:
    assert str(invalid(Fault("", "a list", "an object"))).startswith("the message: found a list")


@pytest.mark.parametrize(
    ("name", "step"),
    [("plain_Name-1.x:y@z+=", "plain_Name-1.x:y@z+="), ("a~b", "a~0b"), (3, "3")],
)
def test_a_plain_name_is_a_step_of_a_pointer(name: str | int, step: str) -> None:
    assert pointer("/a", name) == f"/a/{step}"


@pytest.mark.parametrize("name", ["", "a/b", "a b", "é", "x" * 65, "a\n"])
def test_any_other_name_is_not_repeated(name: str) -> None:
    assert pointer("/a", name) == "/a/?"


def test_a_pointer_does_not_grow_for_ever() -> None:
    path = ""
    for _ in range(64):
        path = pointer(path, "x" * 64)

    assert len(path) == MAX_PATH


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, "null"),
        (True, "a boolean"),
        (1, "a number"),
        (1.5, "a number"),
        ("x", "a string"),
        ([], "a list"),
        ({}, "an object"),
    ],
)
def test_a_value_is_told_by_its_kind(value: object, word: str) -> None:
    assert kind(value) == word


class Inner(BaseModel):
    """A part of a model."""

    model_config = ConfigDict(extra="forbid")

    number: int
    word: Literal["yes", "no"] = "yes"


class Outer(BaseModel):
    """A model with a field of each kind."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    text: Annotated[str, Field(min_length=2, max_length=3)] = "xy"
    flag: bool = False
    ratio: float = 0.0
    names: Annotated[list[str], Field(max_length=2)] = []
    parts: dict[Annotated[str, Field(max_length=3)], Inner] = {}
    either: int | Inner = 0


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"odd": 1}, Fault("/odd", "an unknown field", "no such field here")),
        ({"odd name": 1}, Fault("/?", "an unknown field", "no such field here")),
        ({"text": 1}, Fault("/text", "a number", "a string")),
        ({"text": "x"}, Fault("/text", "a string", "at least 2 characters")),
        ({"text": "xxxx"}, Fault("/text", "a string", "at most 3 characters")),
        ({"flag": 1}, Fault("/flag", "a number", "true or false")),
        ({"ratio": "1"}, Fault("/ratio", "a string", "a number")),
        ({"names": {}}, Fault("/names", "an object", "a list")),
        ({"names": ["a", 1]}, Fault("/names/1", "a number", "a string")),
        ({"parts": []}, Fault("/parts", "a list", "an object")),
        ({"parts": {"a": 1}}, Fault("/parts/a", "a number", "an object")),
        ({"parts": {"a": {}}}, Fault("/parts/a/number", "nothing", "required")),
        ({"parts": {"a": {"number": 1.5}}}, Fault("/parts/a/number", "a number", "an integer")),
        (
            {"parts": {"a": {"number": 1, "word": "x"}}},
            Fault("/parts/a/word", "a string", "'yes' or 'no'"),
        ),
        (
            {"parts": {"long": {"number": 1}}},
            Fault("/parts/long", "a name", "at most 3 characters"),
        ),
        ({"either": "x"}, Fault("/either", "a string", "an integer or an object")),
    ],
)
def test_a_field_that_does_not_fit_is_named(document: dict[str, Any], fault: Fault) -> None:
    with pytest.raises(RejectedError) as caught:
        read(Outer, document)

    assert caught.value.faults == (fault,)


def test_all_fields_that_do_not_fit_are_named_below_the_path() -> None:
    with pytest.raises(RejectedError) as caught:
        read(Outer, {"text": 1, "odd": 1}, at="/attributes")

    assert {fault.path for fault in caught.value.faults} == {"/attributes/text", "/attributes/odd"}


def test_a_document_that_fits_becomes_the_model() -> None:
    assert read(Outer, {"parts": {"a": {"number": 2}}}).parts["a"].number == 2
