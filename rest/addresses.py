"""Whose address a request comes from: the one rule for lockouts, limits and the trail."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Networks = Sequence[IPv4Network | IPv6Network]


def networks_of(texts: Sequence[str]) -> Networks:
    """Addresses and networks as an operator writes them. Raises ValueError for other texts."""
    return [ip_network(text) for text in texts]


def client_of(peer: str, forwarded: str, trusted: Networks) -> str:
    """The nearest address at which none of the trusted proxies stands.

    ``peer`` is who opened the connection, empty on a socket of this machine; ``forwarded`` what
    X-Forwarded-For says. Only what a trusted proxy wrote is believed: each adds whom it spoke with
    at the right, and what stands further left may be anybody's invention.
    """
    found = plain(peer)
    for hop in reversed(forwarded.split(",") if forwarded else []):
        if not is_trusted(found, trusted):
            break
        # A proxy that passes on what is no address is the last one to be believed.
        if not (nearer := plain(hop)):
            break
        found = nearer
    return found


def is_trusted(address: str, trusted: Networks) -> bool:
    """Whether one of ours stands there; only ours can open a socket of this machine."""
    if not address:
        return bool(trusted)
    known = ip_address(address)
    return any(known.version == network.version and known in network for network in trusted)


def plain(text: str) -> str:
    """The address as it is always written; empty when the text is none."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)
