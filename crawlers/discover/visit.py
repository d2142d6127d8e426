"""What a look at a site is asked for, and what it brings home. Pure values: no network, no Scrapy."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from crawlers.extract.page import Page

MOST = 24  # requests of one look, beside robots.txt


@dataclass(frozen=True)
class Mission:
    """One look at one address; `folder` gets the pages, `now` is ISO 8601, `delay` seconds between requests.

    `allowed` are `host:port` pairs exempt from the address guard.
    """

    url: str
    user_agent: str
    folder: str
    now: str
    allowed: tuple[str, ...] = ()
    most: int = MOST
    delay: float = 1.0

    def dumps(self) -> str:
        """The mission as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> Mission:
        """The mission from JSON."""
        plain: dict[str, Any] = json.loads(text)
        return cls(**{**plain, "allowed": tuple(plain["allowed"])})


@dataclass(frozen=True)
class Visit:
    """One request: what for (`kind`), why, and what came of it.

    Kinds: `page` (the address given), `agenda`, `feed`, `rest`, `sitemap`, `event` (the page of one
    event), `robots` (what robots.txt says: `detail`). `outcome` is `ok` or the outcome of a crawl that
    fails so; `file` holds the body. `origin` is the address of the page that led here.
    """

    kind: str
    url: str
    why: str
    outcome: str = "ok"
    detail: str = ""
    origin: str = ""
    file: str = ""
    content_type: str = ""
    now: str = ""

    @cached_property
    def page(self) -> Page:
        """The page that was fetched; only where `outcome` is ok and there is a file."""
        seen = datetime.fromisoformat(self.now)
        return Page(self.url, Path(self.file).read_bytes(), seen=seen, content_type=self.content_type or None)

    @property
    def ok(self) -> bool:
        """Whether there is a page to read."""
        return self.outcome == "ok" and bool(self.file)
