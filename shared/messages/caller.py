"""Who calls over HTTP, where Microsoft Entra stands before the routes.

The platform checks the token and writes who it is into a header, as JSON in Base64; it takes away
what a caller writes there itself
(learn.microsoft.com/azure/app-service/configure-authentication-user-identities).
"""

import base64
import binascii
import json
from typing import Any

from shared.errors import DeniedError

CALLER = "x-ms-client-principal"
ROLE_CLAIM = "roles"
CANCEL = "Runs.Cancel"


def admit(principal: str | None, *, role: str | None = None) -> None:
    """Let a caller in; DeniedError when nobody is named, or the one who is lacks the role."""
    claims = _claims(principal)
    if claims is None:
        raise DeniedError("sign in with Microsoft Entra first", is_known=False)
    if role is not None and role not in _roles(claims):
        raise DeniedError(f"the caller lacks the role {role}", is_known=True)


def _claims(principal: str | None) -> dict[str, Any] | None:
    try:
        said = json.loads(base64.b64decode(principal or "", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _roles(said: dict[str, Any]) -> set[str]:
    """The roles of the app that the caller has."""
    claims = said.get("claims")
    kinds = {ROLE_CLAIM, said.get("role_typ")}
    return {
        str(claim.get("val"))
        for claim in (claims if isinstance(claims, list) else ())
        if isinstance(claim, dict) and claim.get("typ") in kinds
    }
