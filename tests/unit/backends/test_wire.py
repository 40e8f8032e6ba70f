"""How the words, places and times of an inline job are read."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Discriminator, Tag

from shared.backends.fields import ANY_CASE, Count, Seconds, kind, member
from shared.backends.workspace.wire import (
    CodeId,
    ComponentId,
    ComputeId,
    EnvironmentId,
    Scope,
    Since,
)
from shared.errors import Fault, RejectedError
from shared.messages import read
from shared.messages.fields import Sent
from tests.jobs import ID, WORKSPACE, only_fault


class Cat(Sent):
    """A member of a union."""

    animal_type: Annotated[Literal["Cat"], ANY_CASE]


class Dog(Sent):
    """Another."""

    animal_type: Annotated[Literal["Dog"], ANY_CASE]
    legs: Count


Animal = Annotated[
    Annotated[Cat, Tag(member("Cat"))] | Annotated[Dog, Tag(member("Dog"))],
    Discriminator(
        kind("animalType", "type"),
        custom_error_type="kind",
        custom_error_message="animalType, Cat or Dog",
    ),
]


class Zoo(Sent):
    """One of each."""

    mood: Annotated[Literal["AMLToken", "UserIdentity"], ANY_CASE] | None = None
    newer: Annotated[int | None, Since("2025-12-01")] = None
    animal: Animal | None = None
    compute_id: ComputeId | None = None
    environment_id: EnvironmentId | None = None
    code_id: CodeId | None = None
    component_id: ComponentId | None = None
    timeout: Seconds | None = None
    count: Count | None = None


def zoo(*, api_version: str = "2024-10-01", **fields: Any) -> Zoo:
    return read(Zoo, fields, context=Scope(WORKSPACE, api_version))


def refused(**fields: Any) -> Fault:
    with pytest.raises(RejectedError) as caught:
        zoo(**fields)
    return only_fault(caught.value)


@pytest.mark.parametrize("word", ["AMLToken", "amltoken", "AMLTOKEN", "AmlToken"])
def test_a_word_in_any_case_is_kept_as_the_service_spells_it(word: str) -> None:
    assert zoo(mood=word).mood == "AMLToken"


@pytest.mark.parametrize("word", ["", "AML", "AMLToken ", 7, ["AMLToken"], "AMLToﬀken"])
def test_another_word_is_refused_with_all_there_are(word: object) -> None:
    assert refused(mood=word).expected == "'AMLToken' or 'UserIdentity'"


@pytest.mark.parametrize("version", ["2025-12-01", "2025-12-01-preview", "2026-05-01"])
def test_a_newer_field_is_taken_from_its_api_version_on(version: str) -> None:
    assert zoo(newer=1, api_version=version).newer == 1


@pytest.mark.parametrize("version", ["2024-10-01", "2025-11-30", "2025-10-01-preview"])
def test_an_older_api_version_refuses_it_and_names_the_newer(version: str) -> None:
    assert refused(newer=1, api_version=version) == Fault(
        "/newer",
        "a number",
        f"nothing: api-version {version} has no such field. "
        "An operator may set ARM_API_VERSION to 2025-12-01",
    )


def test_a_newer_field_of_nothing_is_none() -> None:
    assert zoo(newer=None).newer is None


@pytest.mark.parametrize("word", ["Dog", "dog", "DOG"])
def test_a_member_of_a_union_is_chosen_by_its_word(word: str) -> None:
    assert zoo(animal={"animalType": word, "legs": 4}).animal == Dog(animalType="Dog", legs=4)


@pytest.mark.parametrize("value", [{}, {"animalType": "Cow"}, {"animalType": 7}, 7, "Dog", []])
def test_no_member_is_refused_with_all_there_are(value: object) -> None:
    assert (refused(animal=value).path, refused(animal=value).expected) == (
        "/animal",
        "animalType, Cat or Dog",
    )


def test_a_fault_within_a_member_is_told_where_it_is() -> None:
    assert refused(animal={"animalType": "Dog"}).path == "/animal/legs"


@pytest.mark.parametrize(
    ("field", "given", "sent"),
    [
        ("computeId", "cpu", f"{ID}/computes/cpu"),
        ("computeId", f"azureml:{ID}/computes/cpu", f"{ID}/computes/cpu"),
        ("environmentId", "e:1", f"{ID}/environments/e/versions/1"),
        ("environmentId", "AzureML-sklearn-1.5:3", "azureml:AzureML-sklearn-1.5:3"),
        (
            "environmentId",
            "azureml://registries/azureml/environments/e/versions/1",
            "azureml://registries/azureml/environments/e/versions/1",
        ),
        ("codeId", "c:1", f"{ID}/codes/c/versions/1"),
        (
            "codeId",
            "azureml://registries/shared/codes/c/versions/1",
            "azureml://registries/shared/codes/c/versions/1",
        ),
        ("componentId", "azureml:c:1", f"{ID}/components/c/versions/1"),
        ("componentId", f"{ID}/components/c/versions/1", f"{ID}/components/c/versions/1"),
    ],
)
def test_a_short_name_becomes_a_whole_id_of_the_workspace(
    field: str, given: str, sent: str
) -> None:
    (place,) = zoo(**{field: given}).model_dump(exclude_none=True).values()

    assert place == sent


ODD = [
    "",
    "..",
    "a/../b:1",
    "%2e%2e",
    "a:1\n",
    "${{inputs.x}}",
    "https://x.net",
    f"{ID}/x/a/versions/1",
    f"{ID}/environments/a/versions/..",
    "/subscriptions/1/resourceGroups/g",
    "azureml://registries/../environments/a/versions/1",
    "x" * 1001,
]


@pytest.mark.parametrize("field", ["computeId", "environmentId", "codeId", "componentId"])
@pytest.mark.parametrize("place", ODD)
def test_an_odd_place_leads_nowhere(field: str, place: str) -> None:
    assert refused(**{field: place}).path == f"/{field}"


@pytest.mark.parametrize("field", ["environmentId", "codeId", "componentId"])
def test_a_label_does_not_stay_the_same(field: str) -> None:
    assert refused(**{field: "a@latest"}).expected.startswith("a version like name:1")


@pytest.mark.parametrize("text", ["PT1H", "P7D", "PT90.0S"])
def test_a_time_is_sent_as_it_is_given(text: str) -> None:
    assert zoo(timeout=text).timeout == text


@pytest.mark.parametrize("given", ["1h", "PT0S", "-PT1H", "PT1.5S", "P366D", 3600, "", "PT1H\n"])
def test_no_time_is_refused(given: object) -> None:
    assert refused(timeout=given).path == "/timeout"


@pytest.mark.parametrize("given", [0, -1, 1_000_001, 1.0, "1", True])
def test_a_count_counts_from_one(given: object) -> None:
    assert refused(count=given).path == "/count"


def test_a_job_is_never_read_for_no_workspace() -> None:
    with pytest.raises(TypeError):
        read(Zoo, {"computeId": "cpu"})
