"""Which addresses may be fetched: public http(s) only, on the usual ports.

Source files come from editors and links come from other people's pages, so both could point the
crawler at a machine of the operator's own network. Names are checked again after they are
resolved (`crawlers.resolver`), for a public name may lead to a private address.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from unicodedata import normalize
from urllib.parse import urlsplit

from aggregator.errors import AddressRefusedError

USUAL_PORTS = (80, 443)
_CARRYING = tuple(  # IPv4 in the last 32 bits
    map(IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"))
)
_HOME_NAMES = (".localhost", ".local", ".internal", ".localdomain", ".home.arpa", ".lan")
_SPECIAL = tuple(  # not public, which older Pythons do not know (RFC 6890, RFC 9637, RFC 9602, RFC 7526)
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "5f00::/16"))
)
_NUMBER = re.compile(r"(?:^|\.)(?:\d+|0x[\da-f]*)$")  # `127.1`, `0x7f.1`, `2130706433`: a resolver reads them
_FOUR = re.compile(r"(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})")
_DOTS = re.compile("[\u3002\uff0e\uff61]")  # what IDNA takes for dots (RFC 3490 §3.1)


def check_address(url: str, allowed: Collection[str] = ()) -> None:
    """Raise AddressRefusedError when `url` must not be fetched.

    `allowed` holds `host:port` pairs that are exempt: the demo allows the ports that it started.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefusedError(f"not an address ({error})", url) from None
    if parts.scheme not in ("http", "https"):
        raise AddressRefusedError(f"only http and https are fetched, not {parts.scheme or 'this'!r}", url)
    if not host:
        raise AddressRefusedError("the address names no host", url)
    if parts.username or parts.password:
        raise AddressRefusedError("an address with a user name is not fetched", url)
    port = (443 if parts.scheme == "https" else 80) if port is None else port
    if f"{host}:{port}" in allowed:
        return
    if port not in USUAL_PORTS:
        raise AddressRefusedError(f"port {port} is not fetched, only 80 and 443", url)
    if odd := next((c for c in host if c in "%\\ " or not c.isprintable()), None):
        raise AddressRefusedError(f"a host with a {ascii(odd)[1:-1]} in it is no name of a site", url)
    host = _DOTS.sub(".", normalize("NFKC", host)).rstrip(".")  # as it will be asked for
    if host == "localhost" or host.endswith(_HOME_NAMES):
        raise AddressRefusedError(f"{host} is a name of a private network", url)
    if ":" not in host and _NUMBER.search(host) and not _FOUR.fullmatch(host):
        raise AddressRefusedError(f"{host} is a number written in an odd way, no name of a site", url)
    if reason := private_reason(host):
        raise AddressRefusedError(reason, url)


def private_reason(host: str) -> str | None:
    """Why an IP address is not public, also one of IPv4 within IPv6; None for a public one or for a name."""
    try:
        ip = ip_address(host.strip("[]"))
    except ValueError:
        return None
    if isinstance(ip, IPv6Address):
        ip = _embedded(ip) or ip
    if not ip.is_global or ip.is_multicast or any(ip in network for network in _SPECIAL):
        return f"{host} is no public address"
    return None


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which an IPv6 one leads: mapped, translated, 6to4, Teredo, compatible, RFC 6052."""
    if any(ip in network for network in _CARRYING) and int(ip) > 1:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
