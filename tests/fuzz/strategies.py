"""What the fuzzing draws from. Derandomized: the same examples every time."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.bad_input.corpus import NEAR_MISSES, near_miss

SMALL = [body for name in NEAR_MISSES if len(body := near_miss(name)) < 4096]
INLINE = [document for body in SMALL if (document := json.loads(body)).get("job")]
# What a mutation puts in: what is special to JSON, to text, to numbers, to paths and to requests.
TOKENS = [
    *[bytes([byte]) for byte in range(256)],
    *[b'"', b"{}", b"[]", b"null", b"1e999", b"NaN", b"-", b"\\u0000", b"\\ud800", b"\xef\xbb\xbf"],
    *[b"..", b"%2f", b"\r\n", b'"id":', b'"a":1,', b"[" * 70, b"9" * 400, b"\xf0\x9f\x9a\x80"],
]

# U+FFFD is what the host writes for broken UTF-8: it stands in a message only if it is escaped.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\ufffd"), max_size=20)
names = st.one_of(
    texts,
    st.sampled_from(["id", "jobType", "template", "tags", "inputs", "type", "value", "uri", "a"]),
    st.sampled_from(["job", "sweep", "searchSpace", "limits", "compute", "timeout", "trial", "lr"]),
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.sampled_from(["PT1H", "literal", "uri_file", "azureml:a:1", "2030-01-31T12:00:00Z", 2**70]),
    st.sampled_from(["Sweep", "uniform", "choice", "Grid", "Random", "Bandit", "Ray", "a:1"]),
)
documents: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(names, inside, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(names, documents, max_size=6)


def _parts(value: Any) -> Iterator[Any]:
    """A value, and all in it."""
    yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _parts(each)


# What is good in one place is put into others.
PARTS = list(
    {json.dumps(part): part for body in SMALL for part in _parts(json.loads(body))}.values()
)
values = documents | st.sampled_from(PARTS)


def fuzzing(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test with so many examples."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@st.composite
def mutated_bytes(draw: st.DrawFn) -> bytes:
    """A good request with a few bytes replaced, left out, repeated or put in."""
    body = draw(st.sampled_from(SMALL))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 8)))
        token = draw(st.one_of(st.just(b""), st.sampled_from(TOKENS), st.just(body[start:end] * 2)))
        body = body[:start] + token + body[end:]
    return body


@st.composite
def mutated_documents(draw: st.DrawFn, others: st.SearchStrategy[Any] = values) -> bytes:
    """A good request in which some field, at any depth, holds something else."""
    return json.dumps(draw(mutated(json.loads(draw(st.sampled_from(SMALL))), others))).encode()


@st.composite
def mutated_jobs(draw: st.DrawFn) -> bytes:
    """A good request with an inline job, in which something of the job is something else."""
    document = draw(st.sampled_from(INLINE))
    return json.dumps({**document, "job": draw(mutated(document["job"]))}).encode()


@st.composite
def mutated(draw: st.DrawFn, document: Any, others: st.SearchStrategy[Any] = values) -> Any:
    """A document in which something, at any depth, is something else."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(0, 2))):
        _change(draw, changed, others)
    return changed


def _change(draw: st.DrawFn, here: Any, others: st.SearchStrategy[Any]) -> None:
    """Walk down, and change what is there."""
    while True:
        key: Any
        if isinstance(here, dict):
            known = st.sampled_from(sorted(here)) if here else names
            key = draw(known | known | known | names)
        elif isinstance(here, list) and here:
            key = draw(st.integers(0, len(here) - 1))
        else:
            return
        inside = here[key] if isinstance(here, list) or key in here else None
        if not isinstance(inside, dict | list) or draw(st.booleans()):
            here[key] = copy.deepcopy(draw(others))
            return
        here = inside
