"""WebSub: tells a hub which feeds have new content (https://www.w3.org/TR/websub/ §6). Never fails a run."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlencode, urlsplit

from feeds.info import SiteInfo

NEWS = (".rss", ".atom", ".json")
FOLDERS = ("feeds", "pers")
PATIENCE = 10.0  # seconds for one answer
BUDGET = 60.0  # seconds for all of them: a slow hub must not hold up the next run


def is_news_file(name: str) -> bool:
    """Whether a public file is a news or press feed, in any language."""
    parts = name.split("/")
    return name.endswith(NEWS) and any(part in FOLDERS for part in parts[:2])


def tell_hub(
    info: SiteInfo, written: Iterable[str], report: Callable[[str], None] = lambda line: None
) -> int:
    """Ping the configured hub for each feed among the files that got new bytes; how many it took.

    A hub that is down, slow or refuses costs one line of the report and nothing else; readers that
    poll see the new feed all the same.
    """
    names = [name for name in written if is_news_file(name)]
    if info.hub is None or not names:
        return 0
    topics = [f"{info.base_url.rstrip('/')}/{quote(name)}" for name in names]
    taken = 0
    began = time.monotonic()
    try:
        for topic in topics:
            if time.monotonic() - began > BUDGET:
                report(f"hub: {info.hub}: too slow, {len(topics) - taken} of {len(topics)} feeds not told")
                return taken
            status = _ping(info.hub, topic)
            if not 200 <= status < 300:
                report(f"hub: {info.hub}: answers {status} to {topic}")
                return taken
            taken += 1
    except (OSError, http.client.HTTPException, ValueError) as error:
        report(f"hub: {info.hub}: {error or type(error).__name__}; {len(topics) - taken} feeds not told")
    return taken


def _ping(hub: str, topic: str) -> int:
    """The status that the hub answers to `hub.mode=publish`."""
    parts = urlsplit(hub)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=PATIENCE)
    try:
        body = urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic})
        headers = {"content-type": "application/x-www-form-urlencoded", "user-agent": "Trek"}
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
