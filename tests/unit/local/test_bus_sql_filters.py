"""SQL filters: what the parser understands, and what is true of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.local.bus.filters.errors import FilterSyntaxError
from tests.local.bus.filters.sql import SqlFilter
from tests.local.bus.messages import Content

MESSAGE = Content(
    encoded=b"",
    system={"label": "urgent", "messageid": "m-1"},
    properties={
        "final": True,
        "seq": 5,
        "price": 2.5,
        "status": "Failed",
        "share": "50%",
        "with space": "yes",
        'with "quote': "yes",
        "a]b": "yes",
        "nothing": None,
        "nine": 9,
    },
)
TRUE = [
    "final = TRUE",
    "FINAL = true",
    "final <> FALSE",
    "final != FALSE",
    "seq = 5",
    "seq < 6 AND seq <= 5 AND seq > 4 AND seq >= 5",
    "price = 2.5",
    "price > 2",
    "seq = 5.0",
    "nine = 0.9e1 AND nine = 90E-1 AND nine = 9.0",
    "nine = " + "1+" * 8 + "1",
    "status = 'Failed'",
    "'it''s' = 'it''s'",
    "status IN ('Succeeded', 'Failed')",
    "status NOT IN ('Succeeded', 'Cancelled')",
    "status LIKE 'Fail%'",
    "status LIKE '%ail%'",
    "status LIKE '_ailed'",
    "status LIKE 'F%i%d'",
    "status NOT LIKE 'fail%'",
    "share LIKE '50\\%' ESCAPE '\\'",
    "missing IS NULL",
    "nothing IS NULL",
    "seq IS NOT NULL",
    "EXISTS(seq)",
    "EXISTS(nothing)",
    "NOT EXISTS(missing)",
    "sys.Label = 'urgent'",
    "SYS.messageid = 'm-1'",
    "sys.To IS NULL",
    "user.seq = 5",
    "[with space] = 'yes'",
    '"with ""quote" = \'yes\'',
    "[a]]b] = 'yes'",
    "user.[with space] = 'yes'",
    "NOT NOT seq = 5",
    "NOT seq = 6 AND final = TRUE",
    "seq = 1 OR seq = 5 AND final = TRUE",
    "(seq = 1 OR seq = 5) AND final = TRUE",
    "seq + 1 * 2 = 7",
    "(seq + 1) * 2 = 12",
    "seq - 1 - 1 = 3",
    "-seq = -5 AND +seq = 5",
    "7 / 2 = 3 AND -7 / 2 = -3",
    "7 % 3 = 1 AND -7 % 3 = -1",
    "7 / 2.0 = 3.5",
    "7.5 % 2 = 1.5",
    "status + '!' = 'Failed!'",
    "9007199254740993 % 2 = 1",
    "0 / 5 = 0 AND 0 / -5 = 0",
    "9223372036854775806 + 1 = 9223372036854775807",
    "-9223372036854775807 - 1 < 0",
    "1=1",
    " AND ".join(["(1=1)"] * 60),
    "(" * 50 + "1=1" + ")" * 50,
    "'" + "x" * 1018 + "'<>''",
]
NOT_TRUE = [
    "final = FALSE",
    "final = 'TRUE'",
    "final = 1",
    "seq = '5'",
    "status = 'failed'",
    "status < 'G'",
    "status LIKE 'Fail'",
    "seq LIKE '5'",
    "share LIKE '5\\%' ESCAPE '\\'",
    "share LIKE '50%' ESCAPE 'ab'",
    "missing = 5",
    "missing <> 5",
    "NOT missing = 5",
    "missing = NULL",
    "nothing = NULL",
    "missing + 1 = 1",
    "-missing = 1",
    "missing LIKE '%'",
    "NOT missing LIKE '%'",
    "missing IN (1, 2)",
    "missing NOT IN (1, 2)",
    "seq NOT IN (1, missing)",
    "seq / 0 = 1",
    "status * 2 = 4",
    "9223372036854775807 + seq > 0",
    "-9223372036854775807 - seq < 0",
    "final + 1 = 2",
    "EXISTS(missing)",
    "1=0",
]


def selects(expression: str, message: Content = MESSAGE) -> bool:
    return SqlFilter(expression).matches(message)


@pytest.mark.parametrize("expression", TRUE)
def test_a_filter_that_is_true_selects(expression: str) -> None:
    assert selects(expression)


@pytest.mark.parametrize("expression", NOT_TRUE)
def test_a_filter_that_is_false_unknown_or_senseless_does_not_select(expression: str) -> None:
    assert not selects(expression)


@pytest.mark.parametrize(
    ("left", "sign", "right", "selected"),
    [
        ("1=1", "AND", "missing=1", False),
        ("1=0", "OR", "missing=1", False),
        ("missing=1", "OR", "1=1", True),
        ("1=1", "OR", "missing=1", True),
    ],
)
def test_the_unknown_stays_unknown_unless_the_other_side_decides(
    *, left: str, sign: str, right: str, selected: bool
) -> None:
    assert selects(f"{left} {sign} {right}") is selected


@pytest.mark.parametrize(("left", "right"), [("1=0", "missing=1"), ("missing=1", "1=0")])
def test_what_is_false_with_the_unknown_is_false(left: str, right: str) -> None:
    assert selects(f"NOT ({left} AND {right})")


@pytest.mark.parametrize(
    "expression",
    ["missing=1 AND 1=1", "missing=1 OR 1=0", "1=0 OR missing=1", "missing IS NULL"],
)
def test_the_opposite_of_a_filter_selects_only_where_that_is_known(expression: str) -> None:
    assert not selects(f"NOT ({expression})")


@pytest.mark.parametrize(
    "unknown",
    [
        "missing = 1",
        "missing + 1 = 2",
        "1 + missing = 2",
        "-missing = 1",
        "missing IN (1)",
        "missing LIKE 'x'",
        "'x' LIKE missing",
    ],
)
def test_the_unknown_makes_sense_so_another_condition_may_decide(unknown: str) -> None:
    assert selects(f"{unknown} OR 1=1")


@pytest.mark.parametrize("decided", ["1=1 OR status < 'x'", "NOT (1=0 AND status < 'x')"])
def test_what_is_decided_already_is_not_looked_at(decided: str) -> None:
    assert selects(decided)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "character 1: a value or a condition is expected, not the end"),
        ("seq", "character 1: this is a value, where a condition belongs"),
        ("seq = ", "character 7: a value or a condition is expected, not the end"),
        ("seq = 1 OR final", "character 12: this is a value, where a condition belongs"),
        ("(seq = 1) = TRUE", "character 1: this is a condition, where a value belongs"),
        ("seq = 1 final = TRUE", "character 9: AND, OR or the end is expected, not final"),
        ("(seq = 1", "character 9: ) is expected, not the end"),
        ("seq IN ()", "character 9: a value or a condition is expected, not )"),
        ("seq IN 1", "character 8: ( is expected, not 1"),
        ("seq NOT = 1", "character 9: IN or LIKE is expected, not ="),
        ("seq IS 1", "character 8: NULL is expected, not 1"),
        ("1 IS NULL", "character 1: IS NULL is asked of a property"),
        ("EXISTS(1)", "character 8: the name of a property is expected, not 1"),
        ("sys.Colour = 1", "character 1: sys.colour is not among"),
        ("mine.colour = 1", "character 1: the scope is sys or user, not mine"),
        ("newid() = 1", "character 1: the function newid is not simulated"),
        ("seq = @parameter", "character 7: '@' means nothing here"),
        ("'open = 1", 'character 1: "\'" means nothing here'),
        ("seq = 9223372036854775808", "character 7: 9223372036854775808 is too large"),
        ("(" * 51 + "1=1" + ")" * 51, "nested more than 50 deep"),
        ("NOT " * 60 + "1=1", "nested more than 50 deep"),
        ("seq = " + "-" * 60 + "1", "nested more than 50 deep"),
        ("'" + "x" * 1019 + "'<>''", "at most 1024 characters, not 1025"),
    ],
)
def test_a_filter_that_cannot_be_understood_says_what_is_wrong_and_where(
    expression: str, said: str
) -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        SqlFilter(expression)

    assert said in str(caught.value)


def test_the_longest_sum_is_calculated() -> None:
    assert selects("nine > " + "0+" * 500 + "1")


def test_a_pattern_of_many_wildcards_takes_no_longer_than_its_text() -> None:
    message = Content(encoded=b"", properties={"text": "a" * 100_000})

    assert not selects("text LIKE '" + "%a" * 200 + "b'", message)


@given(st.text(alphabet="abAB%_'() =<>!+-*/.,[]\"15NOTINLKEXSU\t\n@é", max_size=40))
def test_any_text_is_a_filter_or_is_refused(expression: str) -> None:
    try:
        found = SqlFilter(expression)
    except FilterSyntaxError:
        return

    assert found.matches(MESSAGE) in {True, False}


@given(text=st.text(max_size=20), pattern=st.text(alphabet="ab%_\\.*", max_size=8))
def test_a_pattern_finds_what_a_plain_search_finds(text: str, pattern: str) -> None:
    message = Content(encoded=b"", properties={"text": text})
    quoted = pattern.replace("'", "''")

    assert selects(f"text LIKE '{quoted}'", message) is found_plainly(text, pattern)


def found_plainly(text: str, pattern: str) -> bool:
    """Match by the definition: try every way to use the first character of the pattern."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(found_plainly(text[start:], pattern[1:]) for start in range(len(text) + 1))
    return bool(text) and pattern[0] in {"_", text[0]} and found_plainly(text[1:], pattern[1:])
