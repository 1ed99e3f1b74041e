"""Addresses: where a request comes from, believing only as many proxies as the operator has."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

PREFIX_V6: Final = 64
"""How much of an IPv6 address names a site; the rest of it anybody can change at will."""

HOPS_MAX: Final = 100
"""How many addresses of a forwarded header are looked at, from its end."""


def client_address(peer: str, forwarded: str = "", *, proxies: int = 0) -> str | None:
    """Return the address that a client is known by; ``None`` where it has none.

    Args:
        peer: Who is connected.
        forwarded: All of ``X-Forwarded-For``, joined by commas.
        proxies: How many proxies of yours stand before the application, each of which adds whom
            it saw at the end of the header. Of no proxies nothing in it is believed.

    Returns:
        An IPv4 address, or the network of an IPv6 one.
    """
    hops = forwarded.rsplit(",", HOPS_MAX) if proxies > 0 and forwarded else []
    told = _canonical(hops[-proxies]) if 0 < proxies <= len(hops) else None
    return told or _canonical(peer)


def _canonical(text: str) -> str | None:
    """Return one address in one form; ports go."""
    given = text.strip()
    if given.startswith("["):
        given = given[1:].partition("]")[0]
    elif given.count(":") == 1:
        given = given.partition(":")[0]
    try:
        address = ip_address(given.partition("%")[0])
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, PREFIX_V6), strict=False))
