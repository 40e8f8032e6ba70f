"""Errors that users meet have a hint, however the service words them."""

import pytest

from shared.backends import hints


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("UserError", "BadArgument", "ComputeNotFound"), hints.COMPUTE),
        (("UserError", "Compute target 'x' does not exist"), hints.COMPUTE),
        (("UserError", "There is no compute 'x' in the workspace."), hints.COMPUTE),
        (("UserError", "The specified compute cpu was not found"), hints.COMPUTE),
        (("UserError", "EnvironmentNotFound"), hints.ENVIRONMENT),
        (("UserError", "Environment x:1 could not be found"), hints.ENVIRONMENT),
        (("UserError", "exceeds the quota"), hints.QUOTA),
        (("UserError", "The requested core count exceeds the limit"), hints.QUOTA),
        (("UserError", "Insufficient cluster capacity"), hints.QUOTA),
        (("UserError", "Immutable", "JobPropertyImmutable"), hints.NAME_TAKEN),
        (("UserError", "A job with the name 'x' already exists"), hints.NAME_TAKEN),
        (("InvalidApiVersionParameter",), hints.VERSION),
        (("ResourceGroupNotFound",), hints.ADDRESS),
        (("MissingSubscriptionRegistration",), hints.PROVIDER),
        (("ReadOnlyDisabledSubscription",), hints.DISABLED),
        (("RequestDisallowedByPolicy",), hints.POLICY),
        (("UserError", "CodeNotFound"), hints.ASSET),
        (("UserError", "something new"), None),
        ((), None),
    ],
)
def test_an_error_has_the_hint_that_helps(words: tuple[str, ...], hint: str | None) -> None:
    assert hints.hint(words) == hint


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("UserError", "Execution failed: exited with code 137"), hints.MEMORY),
        (("UserError", "User process exited with status code 137."), hints.MEMORY),
        (("UserError", "exit code: 1. The environment variable X was not found"), hints.SCRIPT),
        (("UserError", "No trial has completed."), hints.NO_TRIAL),
        (("UserError", "CUDA out of memory. Tried to allocate 2 GiB"), hints.MEMORY),
        (("OOMKilled",), hints.MEMORY),
        (("UserError", "The node was preempted"), hints.PREEMPTED),
        (("UserError", "PrimaryMetricNotFound"), hints.METRIC),
        (("UserError", "No child run logged the primary metric 'accuracy'"), hints.METRIC),
        (("AllTrialsFailed",), hints.NO_TRIAL),
        (("UserError", "ImageBuildFailure"), hints.IMAGE),
        (("UserError", "Docker image build failed"), hints.IMAGE),
        (("ScriptExecution.StreamAccess.Authentication",), hints.ACCESS),
        (("UserError", "AuthorizationPermissionMismatch"), hints.ACCESS),
        (("ScriptExecution.StreamAccess.NotFound",), hints.ASSET),
        (("UserError", "The job exceeded its timeout of PT1H"), hints.TIME),
        (("UserError", "exceeds the quota"), hints.QUOTA),
        (("UserError", "User process 'python' exited with status code 3"), hints.SCRIPT),
        (("UserError", "exit code: 1"), hints.SCRIPT),
        (("UserError", "azure.core.exceptions.ResourceNotFoundError in line 7"), None),
        (("UserError", "The job already exists"), None),
        (("UserError", "ZOOM lens"), None),
        (("UserError", "something new"), None),
        ((), None),
    ],
)
def test_a_failure_has_the_hint_that_helps(words: tuple[str, ...], hint: str | None) -> None:
    assert hints.hint_of_failure(words) == hint
