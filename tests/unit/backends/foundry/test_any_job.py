"""Whatever comes is a training job or refused; what is one survives both contracts."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types

from shared.backends.foundry import templates
from shared.backends.foundry.envelope import opened
from shared.backends.foundry.job import TrainingJob
from shared.backends.foundry.profiles import JOBS, PROFILES, TRAINING_JOBS
from shared.errors import RejectedError
from shared.ports import Json
from tests.jobs import RUN
from tests.unit.backends.foundry.given import a_recipe, a_training, bodies, from_template
from tests.unit.backends.foundry.test_job import FULL, OF_JOBS
from tests.unit.backends.foundry.test_recipes import ROLLOUT, SHARED
from tests.unit.backends.foundry.test_rewards import nested

SCHEMA = Draft202012Validator(TrainingJob.model_json_schema())
SEEDS: list[Json] = [
    FULL,
    {**FULL, **OF_JOBS},
    {**FULL, "distribution": {"distribution_type": "mpi", "process_count_per_node": 4}},
    a_recipe("sft", **SHARED),
    a_recipe("grpo", reward=nested(5), rollout=ROLLOUT, **SHARED),
    {"properties": a_recipe("gspo")},
]
WORDS = ["mpi", "ray", "grpo", "sft", "literal", "uri_file", "composite", "PT1H", "ReadOnlyMount"]
NAMES = ["job_type", "training", "reward", "rewards", "inputs", "mode", "kind", "status", "a", "aB"]

texts = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(WORDS)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
names = st.sampled_from(NAMES) | texts
anything: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(names, inside, max_size=4),
    max_leaves=12,
)


@st.composite
def changed(draw: st.DrawFn) -> Json:
    """A job with something in it replaced, or left out."""
    job = copy.deepcopy(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 3))):
        holder, key = draw(st.sampled_from(list(places(job)) or [({}, "a")]))
        if draw(st.booleans()):
            holder[key] = draw(anything)
        else:
            holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
    return job


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Where something stands: what holds it, and by which name or number."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in list(inside):
        yield value, key
        if isinstance(each, dict | list):
            yield from places(each)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(
    job=changed() | st.dictionaries(names, anything, max_size=5),
    attributes=st.just({}) | st.dictionaries(names, anything, max_size=2),
)
def test_any_json_is_a_job_or_refused(job: Json, attributes: Json) -> None:
    request = a_training(job, attributes=attributes)
    for profile in PROFILES.values():
        makes = bodies(profile)
        try:
            makes.check(request)
        except RejectedError:
            event("refused")
            continue
        body = makes.body(request, makes.inline(request) or {}, run=RUN)
        event("taken")
        assert json.loads(json.dumps(body)) == body


@settings(max_examples=400, derandomize=True, deadline=None)
@given(job=changed())
def test_a_job_fits_the_schema_and_survives_the_spelling_of_each_contract(job: Json) -> None:
    request = a_training(job)
    for profile in (TRAINING_JOBS, JOBS):
        try:
            said = bodies(profile).inline(request) or {}
        except RejectedError:
            event("refused")
            continue
        event("taken")
        assert SCHEMA.is_valid(opened(job).job)
        assert profile.read(profile.rendered(said)) == said
        assert bodies(profile).inline(a_training(said)) == said


@settings(max_examples=400, derandomize=True, deadline=None)
@given(wire=changed() | st.dictionaries(names, anything, max_size=5))
def test_whatever_a_service_says_is_a_template_or_refused(wire: Json) -> None:
    for profile in PROFILES.values():
        definition = templates.cleaned(wire, "train", profile)
        try:
            bodies(profile).body(from_template(), definition, run=RUN)
        except RejectedError:
            event("refused")
            continue
        event("taken")
