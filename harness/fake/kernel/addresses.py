"""Addresses and the ranges they lie in."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network


@lru_cache(maxsize=4096)
def inside(address: str, network: str) -> bool:
    """An address lies in a range, which may be a single address. What is no address lies in no range."""
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False
