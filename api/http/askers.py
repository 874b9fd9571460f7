"""By whom scarce things are counted: an account, or of a visitor the line that they come from."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address

from fastapi import Request

from gridsvc.model.accounts import Caller

LINE, SITE = 64, 48
"""Leading bits of an IPv6 address. Whoever has one line chooses what follows the first 64 freely, and many lines come
with a whole site of such networks."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who has something that is scarce."""

    name: str
    is_visitor: bool


def asker_of(request: Request, caller: Caller) -> Asker:
    """An account wherever it asks from; visitors by their address, of IPv6 by the site."""
    if caller.login is not None:
        return Asker("account " + caller.login, is_visitor=False)
    return Asker("address " + line_of(request.client.host if request.client else "", SITE), is_visitor=True)


def line_of(address: str, leading_bits: int = LINE) -> str:
    """The part of an address that nobody chooses freely; what is no address stays as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), leading_bits), strict=False))
