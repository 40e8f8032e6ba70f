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
