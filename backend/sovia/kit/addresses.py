"""Which network addresses are on the public internet, for everything that is asked of servers elsewhere; pure."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Kinds of IPv6 address that lead to an IPv4 one, and where in them it stands (RFC 4291, 6052, 3056).
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")
COMPATIBLE = IPv6Network("::/96")
UNICAST = IPv6Network("2000::/3")


def is_public(address: str) -> bool:
    """Whether it is an ordinary address of the internet: not this machine, not a private network, not a group's."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        inner = _inner(found)
        if inner is not None:
            return _is_ordinary(inner)
        return found in UNICAST and _is_ordinary(found)
    return _is_ordinary(found)


def _is_ordinary(address: IPv4Address | IPv6Address) -> bool:
    odd = (address.is_private, address.is_multicast, address.is_reserved, address.is_loopback, address.is_unspecified)
    # 192.0.0.0/24 is for protocols, of which older tables call some global.
    return address.is_global and not any(odd) and not str(address).startswith("192.0.0.")


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in SIX_TO_FOUR:
        return IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    if address in NAT64 or address in COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
