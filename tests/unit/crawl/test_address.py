"""Addresses that must be refused are refused with a reason, whatever form they are written in."""

from __future__ import annotations

import pytest

from aggregator.errors import AddressRefusedError
from crawlers.address import check_address, private_reason


@pytest.mark.parametrize(
    "url",
    [
        "https://podium.example/agenda",
        "http://podium.example:80/",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]/",
        "https://[64:ff9b::1.1.1.1]/",
        "https://bücher.example/",
        "https://xn--bcher-kva.example/",
        "https://4.podium3.example/",
        "http://127.0.0.1:8601/agenda",
    ],
)
def test_public_addresses_and_exempt_ports_pass(url: str) -> None:
    check_address(url, allowed=["127.0.0.1:8601"])  # it raises for one that is refused


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://podium.example/", "ftp"),
        ("file:///etc/passwd", "file"),
        ("//podium.example/", "http"),
        ("http:///agenda", "host"),
        ("http://podium.example:8080/", "8080"),
        ("http://podium.example:99999/", "no"),
        ("http://user:secret@podium.example/", "user name"),
        ("http://127.0.0.1/", "public"),
        ("http://127.0.0.1:8602/", "8602"),
        ("http://10.0.0.8/", "public"),
        ("http://169.254.169.254/latest/meta-data", "public"),
        ("http://[::1]/", "public"),
        ("http://[::ffff:10.0.0.1]/", "public"),
        ("http://[2002:7f00:1::]/", "public"),
        ("http://[fe80::1]/", "public"),
        ("http://[fd00:ec2::254]/latest/meta-data", "public"),
        ("http://[::]/", "public"),
        ("http://[::127.0.0.1]/", "public"),
        ("http://[64:ff9b::169.254.169.254]/", "public"),
        ("http://[64:ff9b:1::10.0.0.1]/", "public"),
        ("http://[2001:0:4136:e378:8000:63bf:f5ff:fffe]/", "public"),
        ("http://172.16.3.4/", "public"),
        ("http://192.168.1.1/", "public"),
        ("http://100.64.0.1/", "public"),
        ("http://100.100.100.200/latest/meta-data", "public"),
        ("http://255.255.255.255/", "public"),
        ("http://localhost./", "private"),
        ("http://printer.local/", "private"),
        ("https://podium.example:80@10.0.0.1/", "user name"),
        ("javascript:alert(1)", "javascript"),
        ("data:text/html,x", "data"),
        ("http://224.0.0.1/", "public"),
        ("http://0.0.0.0/", "public"),
        ("http://localhost/", "private"),
        ("http://db.internal/", "private"),
        ("http://metadata.google.internal/computeMetadata", "private"),
        ("http://podium.example:0/", "port 0"),
        ("http://podium.example:22/", "22"),
        ("http://10.0.0.1./", "public"),
        ("http://[::ffff:a9fe:a9fe]/", "public"),
        ("http://[0:0:0:0:0:ffff:7f00:1]/", "public"),
        ("http://[::ffff:0:127.0.0.1]/", "public"),
        ("http://[fe80::1%25eth0]/", "%"),
        ("http://loc%61lhost/", "%"),
        ("http://①②⑦.⓪.⓪.①/", "public"),
        ("http://127。0。0。1/", "public"),
        ("http://ｌocalhost/", "private"),
        ("http://192.0.2.1/", "public"),
        ("http://198.18.0.1/", "public"),
        ("http://[100::1]/", "public"),
        ("gopher://podium.example/", "gopher"),
        ("http://192.0.0.192/opc/v2/", "public"),
        ("http://192.88.99.1/", "public"),
        ("http://[3fff::1]/", "public"),
        ("http://127.1/", "odd way"),
        ("http://0x7f.1/", "odd way"),
        ("http://2130706433/", "odd way"),
        ("http://0x7f000001./", "odd way"),
        ("http://0177.0.0.1/", "odd way"),
        ("http://podium.example.0/", "odd way"),
        ("http://loc\u200balhost/", "200b"),
        ("http://lo\xadcalhost/", "xad"),
        ("http://127.0.0.1\x00.podium.example/", "x00"),
        ("http://podium.example /", "host with a"),
        ("http://podium.example\\@10.0.0.1/", "user name"),
        ("http://10.0.0.1\\.podium.example/", "host with a"),
        ("http://nas.home.arpa/", "private"),
        ("http://router.lan/", "private"),
    ],
)
def test_other_addresses_are_refused_with_the_reason(url: str, word: str) -> None:
    with pytest.raises(AddressRefusedError, match=word) as caught:
        check_address(url, allowed=["127.0.0.1:8601"])
    assert caught.value.url == url


def test_a_name_is_no_private_address() -> None:
    assert private_reason("podium.example") is None
