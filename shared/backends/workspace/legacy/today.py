"""The translation: a job in the older form, free of faults, as one in that of 2024-10-01."""

from collections.abc import Iterable, Mapping

from shared.backends.sections import filled, present, section
from shared.backends.workspace.legacy.form import word
from shared.ports import Json

OF_JOB = ("jobType", "description", "experimentName", "identity", "properties", "tags")
OF_PROGRAM = ("command", "codeId", "environmentId", "environmentVariables")
OF_SWEEP = ("earlyTermination", "objective", "searchSpace")
TRIALS = ("maxTotalTrials", "maxConcurrentTrials")
MODE_OF_INPUT = {"Mount": "ReadOnlyMount"}
MODE_OF_OUTPUT = {"Mount": "ReadWriteMount"}


def job(old: Json, typed: Mapping[str, str]) -> Json:
    """The job in today's form."""
    new = _sweep(old, typed) if word(old) == "sweep" else _command(old, typed)
    return {**_taken(old, OF_JOB), **present({"computeId": old["compute"].get("target")}), **new}


def _command(old: Json, typed: Mapping[str, str]) -> Json:
    limits = _limits("Command", {"timeout": old.get("timeout")})
    return {**_program(old, old["compute"]), **_bindings(old, typed), **limits}


def _sweep(old: Json, typed: Mapping[str, str]) -> Json:
    trial = old["trial"]
    limits = {
        **_taken(old, TRIALS),
        "timeout": old.get("timeout"),
        "trialTimeout": trial.get("timeout"),
    }
    return {
        **_taken(old, OF_SWEEP),
        "samplingAlgorithm": {"samplingAlgorithmType": old["algorithm"]},
        "trial": _program(trial, old["compute"]),
        **_bindings(trial, typed),
        **_limits("Sweep", limits),
    }


def _program(old: Json, compute: Json) -> Json:
    """The command, where and on what it runs."""
    resources = _taken(compute, ("instanceCount", "instanceType", "properties"))
    distribution = _distribution(
        section(old, "distribution"), instances=compute.get("instanceCount", 1)
    )
    return {
        **_taken(old, OF_PROGRAM),
        **filled({"distribution": distribution, "resources": resources}),
    }


def _distribution(old: Json, *, instances: int) -> Json:
    """The processes, counted for each instance."""
    if "processCount" not in old:
        return old
    return {
        "distributionType": old["distributionType"],
        "processCountPerInstance": old["processCount"] // instances,
    }


def _limits(kind: str, limits: Json) -> Json:
    given = present(limits)
    return {"limits": {"jobLimitsType": kind, **given}} if given else {}


def _bindings(old: Json, typed: Mapping[str, str]) -> Json:
    """The inputs and outputs."""
    inputs = {
        name: _input(binding, typed.get(name))
        for name, binding in section(old, "inputDataBindings").items()
    }
    outputs = {
        name: _output(binding) for name, binding in section(old, "outputDataBindings").items()
    }
    return filled({"inputs": inputs, "outputs": outputs})


def _input(old: Json, typed: str | None) -> Json:
    return present(
        {
            "jobInputType": old.get("jobInputType", typed),
            "uri": old["dataId"],
            "mode": _mode(old, MODE_OF_INPUT),
        }
    )


def _output(old: Json) -> Json:
    uri = f"{old['datastoreId']}/paths/{old['pathOnDatastore']}" if "datastoreId" in old else None
    return present(
        {
            "jobOutputType": old.get("jobOutputType", "uri_folder"),
            "uri": uri,
            "mode": _mode(old, MODE_OF_OUTPUT),
        }
    )


def _mode(old: Json, renamed: Mapping[str, str]) -> str | None:
    mode: str | None = old.get("mode")
    return renamed.get(mode, mode) if mode else None


def _taken(old: Json, names: Iterable[str]) -> Json:
    return {name: old[name] for name in names if name in old}
