"""Who we say that we are to the sites that we read."""

from __future__ import annotations

import re

NAME = "Trek"  # by which sites know our requests, and by which their robots.txt may address us
# Whose names we never bear: sites treat them otherwise, and would not know who we are.
OTHERS = (
    "mozilla", "applewebkit", "chrome", "safari", "firefox", "edge", "opera", "bot", "crawler", "spider",
    "slurp", "googlebot", "facebookexternalhit", "ia_archiver", "curl", "wget", "python-requests", "scrapy",
)  # fmt: skip


def check_user_agent(text: str) -> str:
    """The user agent, if it says truly who we are (RFC 9110 §10.1.5); ValueError otherwise."""
    product = re.split(r"[/ ]", text, maxsplit=1)[0]
    if product != NAME:
        raise ValueError(
            f"{text!r} does not begin with our own name; write {NAME}/1.0 (+https://host/; mail)"
        )
    own = re.sub(r"https?://\S+|\S+@\S+", " ", text).lower()  # a host or an address may be called anything
    for other in OTHERS:
        if re.search(rf"(?<![a-z]){re.escape(other)}(?![a-z])|[a-z]+bot(?![a-z])", own):
            raise ValueError(f"{text!r} bears the name of another robot or browser; name only {NAME}")
    return text
