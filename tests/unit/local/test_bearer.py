"""Which tokens a service of the twin takes."""

import pytest

from tests.local import bearer

AUDIENCE = "https://management.azure.com"


def a_header(*, key: str = "key", audience: str = AUDIENCE, lifetime: int = 60) -> str:
    token = bearer.issue(key, audience=audience, client_id="me", now=1000, lifetime=lifetime)
    return f"Bearer {token}"


def test_a_good_token_says_whose_it_is() -> None:
    claims = bearer.check("key", a_header(), audiences={AUDIENCE}, now=1059)

    assert claims["appid"] == "me"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "AuthenticationFailed"),
        ("", "AuthenticationFailed"),
        ("Basic eDp5", "AuthenticationFailed"),
        ("Bearer", "AuthenticationFailed"),
        ("Bearer nonsense", "InvalidAuthenticationToken"),
        (a_header(key="another"), "InvalidAuthenticationToken"),
        (a_header() + "x", "InvalidAuthenticationToken"),
        (a_header(lifetime=10), "ExpiredAuthenticationToken"),
        (a_header(audience="https://ai.azure.com"), "InvalidAuthenticationTokenAudience"),
    ],
)
def test_another_header_is_refused(header: str | None, code: str) -> None:
    with pytest.raises(bearer.TokenError) as refused:
        bearer.check("key", header, audiences={AUDIENCE}, now=1010)

    assert refused.value.code == code


def test_a_service_without_the_shared_key_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(bearer.KEY_VARIABLE, raising=False)

    with pytest.raises(SystemExit, match="TWIN_KEY is not set"):
        bearer.shared_key()
