"""OpenID Connect: another service shows who somebody is; which account that is, an ADMIN says.

`provider` needs httpx and joserfc (the extra `oidc`) and is loaded only where a provider is set.
"""
