"""A name is refused where it leads to a private network, whoever was asked for its address."""

from __future__ import annotations

import pytest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from crawlers import resolver
from crawlers.resolver import PublicResolver


@pytest.mark.parametrize(
    ("name", "address", "refused"),
    [
        ("podium.example", "1.1.1.1", False),
        ("podium.example", "10.0.0.8", True),
        ("podium.example", "127.0.0.1", True),
        ("podium.example", "169.254.169.254", True),
        ("router", "192.168.1.1", True),
        ("127.0.0.1", "127.0.0.1", False),  # written as a number: the guard has judged it before
    ],
)
def test_what_a_name_leads_to_is_judged(
    name: str, address: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(self: CachingThreadedResolver, name: str, timeout: object = ()) -> Deferred[str]:
        return succeed(address)

    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", found)
    monkeypatch.setattr(resolver, "refused", {})
    asked = PublicResolver.__new__(PublicResolver).getHostByName(name)
    said: list[object] = []
    asked.addCallbacks(said.append, said.append)
    if not refused:
        assert said == [address]
        return
    assert said[0].check(DNSLookupError)  # type: ignore[attr-defined]
    assert address in resolver.refused[name]
