"""Bearer tokens of the twin: made by the token endpoint, checked by the services.

They are JSON Web Tokens signed with a key that only the twin's services know (TWIN_KEY). A service
that runs commands is therefore closed to the other users of the machine.
"""

import base64
import hmac
import json
import os
from collections.abc import Collection
from typing import Any

KEY_VARIABLE = "TWIN_KEY"
TENANT = "00000000-0000-0000-0000-0000000000ff"


class TokenError(Exception):
    """A token is not accepted; `code` is the word that Azure Resource Manager has for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def shared_key() -> str:
    """Read the key; end the process when there is none."""
    key = os.environ.get(KEY_VARIABLE)
    if not key:
        raise SystemExit(
            f"{KEY_VARIABLE} is not set: it is the secret that the services of the twin share"
        )
    return key


def issue(key: str, *, audience: str, client_id: str, now: int, lifetime: int) -> str:
    """Make a token for an audience."""
    claims = {
        "aud": audience,
        "iss": f"https://sts.windows.net/{TENANT}/",
        "iat": now,
        "nbf": now,
        "exp": now + lifetime,
        "appid": client_id,
        "tid": TENANT,
        "ver": "1.0",
    }
    signed = f"{_encoded({'alg': 'HS256', 'typ': 'JWT'})}.{_encoded(claims)}"
    return f"{signed}.{_signature(key, signed)}"


def check(
    key: str, authorization: str | None, *, audiences: Collection[str], now: float
) -> dict[str, Any]:
    """Give the claims in an Authorization header; TokenError when they do not hold for us now."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenError(
            "AuthenticationFailed", "The 'Authorization' header is missing or invalid."
        )
    claims = _claims(key, token)
    if claims["exp"] <= now:
        raise TokenError("ExpiredAuthenticationToken", "The access token has expired.")
    if claims["aud"] not in audiences:
        text = f"The access token is meant for {claims['aud']}, not for this service."
        raise TokenError("InvalidAuthenticationTokenAudience", text)
    return claims


def _claims(key: str, token: str) -> dict[str, Any]:
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(key, signed).encode()):
        raise TokenError("InvalidAuthenticationToken", "The access token is invalid.")
    return _decoded(signed.partition(".")[2])


def _encoded(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _decoded(text: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return claims


def _signature(key: str, signed: str) -> str:
    return _base64(hmac.digest(key.encode(), signed.encode(), "sha256"))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
