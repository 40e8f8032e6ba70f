"""A packed row is what it was before, and small."""

import os
import zlib
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Problem
from shared.runs import Deadlines, Job, Live
from shared.store.packing import Packer
from tests.rows import a_full_live, a_live, an_item

PACKER = Packer(Live)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=5,
)


MOMENTS = st.datetimes(timezones=st.just(UTC))
ITEMS = st.builds(
    an_item,
    body=st.binary(),
    properties=st.dictionaries(TEXTS, TEXTS | st.integers() | st.booleans()),
)
DETAILS = st.lists(st.dictionaries(TEXTS, JSON), max_size=2).map(tuple)
ROWS = st.builds(
    a_live,
    native_status=TEXTS,
    retry_at=MOMENTS,
    outbox=st.lists(ITEMS, max_size=5).map(tuple),
    deadlines=st.builds(Deadlines, start=MOMENTS, run=st.timedeltas(min_value=timedelta(0))),
    last_error=st.builds(Problem, code=TEXTS, message=TEXTS, details=DETAILS),
    job=st.builds(Job, tags=st.dictionaries(TEXTS, TEXTS)),
    final_event=st.none() | st.binary(),
)


@settings(deadline=None)
@given(ROWS)
def test_any_row_comes_back(row: Live) -> None:
    assert PACKER.unpack(PACKER.pack(row)) == row


def test_text_that_looks_like_the_number_of_a_part_stays_text() -> None:
    row = a_live(native_status="0", outbox=(an_item(body=b"0", properties={"0": "1", "n": 0}),))

    assert PACKER.unpack(PACKER.pack(row)) == row


def test_a_part_that_is_there_twice_is_kept_once() -> None:
    event = os.urandom(100_000)
    row = a_live(outbox=(an_item(body=event),), final_event=event)

    packed = PACKER.pack(row)

    assert len(packed) < 105_000
    assert PACKER.unpack(packed) == row


def test_a_field_that_an_older_version_did_not_know_has_its_default() -> None:
    old = (
        b'[{"run_id": "jr-1", "target": "demo", "job_type": "Command", "outbox": [{"id": "jr-1:1",'
        b' "kind": "event", "body": "0", "content_type": "text/plain"}],'
        b' "accepted_at": "2026-11-21T09:30:15.123457Z", "retry_at": "2026-11-21T09:30:15.123457Z",'
        b' "changed_at": "2026-11-21T09:30:15.123457Z"}, [5]]\nhello'
    )

    row = PACKER.unpack(zlib.compress(old))

    item = an_item(id="jr-1:1", body=b"hello", content_type="text/plain")
    assert row == a_live("jr-1", outbox=(item,))


def test_a_field_that_only_a_later_version_knows_is_passed_over() -> None:
    head, _, parts = zlib.decompress(PACKER.pack(a_full_live())).partition(b"\n")
    later = head.replace(b'"claim":3', b'"claim":3,"mood":{"good":[true]}') + b"\n" + parts

    row = PACKER.unpack(zlib.compress(later))

    assert b"mood" in later
    assert row == a_full_live()


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"no compressed data",
        PACKER.pack(a_full_live())[:-10],
        zlib.compress(b"no JSON"),
        zlib.compress(b'[{"run_id": "jr-1"}, []]\n'),
        zlib.compress(
            zlib.decompress(PACKER.pack(a_full_live())).replace(b'"body":"2"', b'"body":"9"')
        ),
        zlib.compress(zlib.decompress(PACKER.pack(a_live())).replace(b'"New"', b'"Unheard-of"')),
    ],
    ids=["nothing", "raw", "cut", "text", "fields missing", "part missing", "unknown state"],
)
def test_what_cannot_be_read_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"damaged|JSON|Field required|Input should be"):
        PACKER.unpack(packed)


def test_a_refusal_repeats_no_value() -> None:
    row = replace(a_live(), native_status="canary")
    wrong = zlib.decompress(PACKER.pack(row)).replace(b'"canary"', b'["canary"]')

    with pytest.raises(ValueError, match="native_status") as refusal:
        PACKER.unpack(zlib.compress(wrong))

    assert "canary" not in str(refusal.value)
