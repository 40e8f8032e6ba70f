"""What is odd about a training job, yet no reason to refuse it."""

import pytest

from shared.backends.foundry.profiles import JOBS
from shared.errors import Fault
from shared.ports import Json
from tests.unit.backends.foundry.given import a_command, a_recipe, a_training, bodies, warnings

REWARD = {"kind": "builtin", "type": "regex"}
FOUND = "a word that is new to us"
ALGORITHMS = "sft, dpo, kto, orpo, cpo, simpo, grpo, ppo, rloo, reinforce_pp, reward_model"
MODES = "read_only_mount, read_write_mount, download, direct, upload"
ASSETS = "uri_file, uri_folder, safetensors_model"
KINDS = "model, function, inline_function, builtin, evaluator, deployment, composite"


@pytest.mark.parametrize(
    ("job", "path", "known"),
    [
        (a_recipe("gspo"), "/training/algorithm", ALGORITHMS),
        (
            a_recipe(framework="new"),
            "/training/framework",
            "trl, verl, open_rlhf, nemo_rl, slime, torch_forge",
        ),
        (
            a_recipe(dataset={"train": "x", "data_format": {"chat_template": "new"}}),
            "/training/dataset/data_format/chat_template",
            "chatml, llama_3, zephyr, gemma, phi_3",
        ),
        (
            a_recipe(eval={"benchmark": "new"}),
            "/training/eval/benchmark",
            "gsm8k, mmlu, humaneval, mbpp, arc, hellaswag",
        ),
        (
            a_recipe("ppo", reward=REWARD, rollout={"engine": "new"}),
            "/training/rollout/engine",
            "vllm, sglang, hf, megatron_inference",
        ),
        (a_recipe("ppo", reward={"kind": "new"}), "/training/reward/kind", KINDS),
        (
            a_recipe("ppo", reward={"kind": "builtin", "type": "new"}),
            "/training/reward/type",
            "exact_match, regex, math_equivalence, unit_tests",
        ),
        (
            a_recipe("ppo", reward={"kind": "composite", "rewards": [{"reward": {"kind": "new"}}]}),
            "/training/reward/rewards/0/reward/kind",
            KINDS,
        ),
        (
            a_command(inputs={"a": {"job_input_type": "mltable", "uri": "x"}}),
            "/inputs/a/job_input_type",
            ASSETS,
        ),
        (
            a_command(inputs={"a": {"job_input_type": "uri_file", "uri": "x", "mode": "new"}}),
            "/inputs/a/mode",
            MODES,
        ),
        (
            a_command(outputs={"a": {"job_output_type": "mltable"}}),
            "/outputs/a/job_output_type",
            ASSETS,
        ),
        (
            a_command(outputs={"a": {"job_output_type": "uri_file", "mode": "new"}}),
            "/outputs/a/mode",
            MODES,
        ),
    ],
)
def test_a_word_that_is_new_is_told_of(job: Json, path: str, known: str) -> None:
    expected = f"one of: {known}; it is sent as it is"
    assert warnings(job) == [Fault(f"/job{path}", FOUND, expected)]


def test_a_new_kind_of_service_is_told_of() -> None:
    job = a_command(services={"shell": {"job_service_type": "SSH"}})

    path, expected = "/job/services/shell/job_service_type", "one of: studio, tracking"
    assert warnings(job, JOBS) == [Fault(path, FOUND, f"{expected}; it is sent as it is")]


@pytest.mark.parametrize(
    ("algorithm", "columns"),
    [
        ("sft", ["messages", "prompt", "response"]),
        ("dpo", ["prompt", "chosen", "rejected"]),
        ("orpo", ["prompt", "chosen", "rejected"]),
        ("cpo", ["prompt", "chosen", "rejected"]),
        ("simpo", ["prompt", "chosen", "rejected"]),
        ("kto", ["prompt", "response", "label"]),
        ("reward_model", ["chosen", "rejected", "response", "score"]),
        ("grpo", ["prompt", "reference"]),
        ("ppo", ["prompt", "reference"]),
        ("rloo", ["prompt", "reference"]),
        ("reinforce_pp", ["prompt", "reference"]),
        (
            "gspo",
            [
                "prompt",
                "chosen",
                "rejected",
                "reference",
                "messages",
                "response",
                "label",
                "score",
            ],
        ),
    ],
)
def test_a_column_that_an_algorithm_does_not_read_is_told_of(
    algorithm: str, columns: list[str]
) -> None:
    names = ["prompt", "chosen", "rejected", "reference"]
    names += ["messages", "response", "label", "score"]
    dataset = {"train": "x", "columns": dict.fromkeys(names, "c")}
    reward = {"reward": REWARD} if columns == ["prompt", "reference"] else {}

    told = warnings(a_recipe(algorithm, dataset=dataset, **reward))

    at = "/job/training/dataset/columns/"
    told_columns = [fault.path.removeprefix(at) for fault in told if fault.path.startswith(at)]
    assert told_columns == [name for name in names if name not in columns]


def test_it_is_said_what_the_algorithm_reads() -> None:
    job = a_recipe("kto", dataset={"train": "x", "columns": {"score": "c"}})

    expected = "prompt, response and label: kto reads no other"
    assert warnings(job) == [Fault("/job/training/dataset/columns/score", "a column", expected)]


def test_an_experiment_is_left_out_where_there_are_none() -> None:
    request = a_training(experimentName="models")

    expected = "nothing: left out, as profile training_jobs has no experiments"
    assert bodies().check(request) == (Fault("/experimentName", "a string", expected),)
    assert bodies(JOBS).check(request) == ()
