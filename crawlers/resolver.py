"""Name resolution that refuses names which lead to a private network."""

from __future__ import annotations

from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawlers.address import private_reason

refused: dict[str, str] = {}
"""Names that were refused in this process, with the reason: Twisted drops a resolver's own words."""


class PublicResolver(CachingThreadedResolver):
    """Resolves to IPv4 as Scrapy's default does, and refuses what is not public."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The address of `name`; DNSLookupError when it is not public."""
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if name != address and (reason := private_reason(address)):  # numbers are the guard's business
            refused[name] = f"{name} leads to {reason}"
            raise DNSLookupError(refused[name])
        return address
