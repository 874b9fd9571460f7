"""The provider as one client of it: where to sign in, and who came back (authorization code, PKCE)."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any, TypeGuard
from urllib.parse import urlencode

import httpx
from httpx import Response
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from api.oidc.flow import Flow, is_safe
from api.oidc.line import Line
from gridsvc.errors import NotReady, SignInRequired

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures by a key pair. Never `none`, nor a shared secret: the public key would be one."""
TIMEOUT_S, KEPT_S, AGAIN_S = 10.0, 3600.0, 60.0
LEEWAY_S = 60
_REFUSED = "The provider's answer does not hold; sign in again."


class Provider:
    """One provider as one client of it. What it says of itself, and its keys, are kept for an hour."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer = issuer
        self._client_id, self._client_secret = client_id, client_secret
        self.line, self._lock = Line(), threading.Lock()
        self._told: tuple[dict[str, Any], float] | None = None
        self._keys: tuple[KeySet, float] | None = None

    def address_to_sign_in(self, flow: Flow, redirect: str) -> str:
        """Where the browser goes. Raises NotReady when the provider does not answer as one."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(flow.verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect,
            "scope": "openid email",
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self._configuration()["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def identify(self, code: str, flow: Flow, redirect: str) -> list[str]:
        """The subjects that somebody is known by: issuer#subject, and the address if the provider has verified it.

        Raises SignInRequired for whatever does not hold, NotReady when the provider cannot be asked.
        """
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        answer = self._call(
            "POST", self._configuration()["token_endpoint"], data=body | {"code_verifier": flow.verifier}, signed=True
        )
        token = _document(answer).get("id_token") if answer.status_code == 200 else None
        if not isinstance(token, str):
            raise SignInRequired(_REFUSED)
        claims = self._verify(token)
        self._check(claims, flow)
        email = claims.get("email")
        # With # it would be the other kind of subject, which is for the provider's own names alone.
        is_good = _is_name(email) and "#" not in email and claims.get("email_verified") is True
        known = [str(email).lower()] if is_good else []
        return [f"{self.issuer}#{claims['sub']}", *known]

    def _verify(self, token: str) -> Mapping[str, Any]:
        for is_last in (False, True):
            try:
                return jwt.decode(token, self._key_set(fresh=is_last), algorithms=ALGORITHMS).claims
            except InvalidKeyIdError as error:
                # The provider has changed its keys: ask again, but not for every forged token.
                if is_last:
                    raise SignInRequired(_REFUSED) from error
            except (JoseError, ValueError) as error:
                raise SignInRequired(_REFUSED) from error
        raise AssertionError("the loop ends by itself")

    def _check(self, claims: Mapping[str, Any], flow: Flow) -> None:
        """OpenID Connect Core 1.0, 3.1.3.7."""
        now, audience = time.time(), claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        good = (
            claims.get("iss") == self.issuer,
            self._client_id in audiences,
            claims.get("azp", None if len(audiences) > 1 else self._client_id) == self._client_id,
            _is_number(claims.get("exp")) and claims["exp"] > now - LEEWAY_S,
            _is_number(claims.get("iat")) and claims["iat"] < now + LEEWAY_S,
            secrets.compare_digest(str(claims.get("nonce", "")).encode(errors="replace"), flow.nonce.encode()),
            _is_name(claims.get("sub")),
        )
        if not all(good):
            raise SignInRequired(_REFUSED)

    def _configuration(self) -> dict[str, Any]:
        with self._lock:
            if self._told is not None and time.monotonic() - self._told[1] < KEPT_S:
                return self._told[0]
        found = _document(self._call("GET", self.issuer.rstrip("/") + "/.well-known/openid-configuration"))
        addresses = [found.get(f"{name}_endpoint") for name in ("authorization", "token")] + [found.get("jwks_uri")]
        if found.get("issuer") != self.issuer or not all(is_safe(address) for address in addresses):
            raise NotReady("The OpenID provider describes itself otherwise than GRIDSVC_OIDC_ISSUER says.")
        with self._lock:
            self._told = (found, time.monotonic())
        return found

    def _key_set(self, *, fresh: bool) -> KeySet:
        age = AGAIN_S if fresh else KEPT_S
        with self._lock:
            if self._keys is not None and time.monotonic() - self._keys[1] < age:
                return self._keys[0]
        try:
            keys = KeySet.import_key_set(_document(self._call("GET", self._configuration()["jwks_uri"])))  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise NotReady("The OpenID provider shows no keys.") from error
        with self._lock:
            self._keys = (keys, time.monotonic())
        return keys

    def _call(
        self, method: str, address: str, *, data: Mapping[str, str] | None = None, signed: bool = False
    ) -> Response:
        try:
            auth = (self._client_id, self._client_secret) if signed else None
            return httpx.request(method, address, data=data, auth=auth, timeout=TIMEOUT_S)
        except httpx.HTTPError as error:
            raise NotReady("The OpenID provider does not answer.") from error


def _document(answer: Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise NotReady("The OpenID provider answers in no form that it should.") from error
    return found if isinstance(found, dict) else {}


def _is_name(value: object) -> TypeGuard[str]:
    """Whether accounts can be known by it: no sign of it may be one that databases refuse."""
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
