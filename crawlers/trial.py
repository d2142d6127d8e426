"""One page that anybody asks us to read: fetched as a crawl would, read within bounds, nothing kept.

`try_page` starts `python -m crawlers.trial` as a process of its own, so that a page made to break a reader
breaks that process alone; it has its own limits of memory and computing and is ended when time is up.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aggregator.errors import AddressRefusedError, TrekError
from aggregator.model import Outcome
from crawlers.address import check_address

PATIENCE = 45  # seconds for all of it
COMPUTING = 25  # seconds of the processor
MEMORY = 1536 * 1024**2  # bytes of addresses: most of it is libraries
MOST = 200  # events that are told
TOO_HEAVY = "too-heavy"  # no outcome of a crawl: the reading was ended
UPLOAD = "upload"
_NO_PLACE = "https://upload.invalid/"


@dataclass(frozen=True)
class Asked:
    """A page to read: at `url`, or where `file` is named what lies there, as if it stood at `url`.

    `allowed` are `host:port` pairs exempt from the address guard; `now` is ISO 8601, aware.
    """

    url: str
    config: str
    folder: str
    now: str
    file: str = ""
    content_type: str = ""
    allowed: tuple[str, ...] = ()


def try_page(
    url: str, body: bytes | None, content_type: str, config: Path, now: str, allowed: Sequence[str] = ()
) -> Mapping[str, Any]:
    """What is read at an address, or in `body`, as plain values; never raises for what a page may do.

    `outcome` is an Outcome or `too-heavy`, `detail` a line for people; `url` where the page was found in
    the end; `listings` and `rejects` as `to_plain` gives them, `problems` pairs of code and words, `follow`
    addresses of events that the page names, `events` how many there were.
    """
    if body is None:
        try:
            check_address(url, allowed)
        except AddressRefusedError as error:
            return _refused(url, error)
    with tempfile.TemporaryDirectory(prefix="trek-trial-") as folder:
        file = Path(folder) / UPLOAD
        if body is not None:
            file.write_bytes(body)
        named = str(file) if body is not None else ""
        home = str(config.resolve())
        asked = Asked(url, home, folder, now, named, content_type, tuple(allowed))
        return _ask(asked) or {"url": url, "outcome": TOO_HEAVY, "detail": f"not done in {PATIENCE} s"}


def _ask(asked: Asked) -> Mapping[str, Any] | None:
    """The child's answer; None when it came to no end."""
    with subprocess.Popen(
        [sys.executable, "-m", "crawlers.trial"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
        start_new_session=True,  # what it starts ends with it
    ) as child:
        try:
            output, _ = child.communicate(json.dumps(asdict(asked)).encode(), timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return None
    try:
        answer: Mapping[str, Any] = json.loads(output)
    except ValueError:
        return None
    return answer


def _refused(url: str, error: AddressRefusedError) -> dict[str, Any]:
    return {"url": url, "outcome": Outcome.REFUSED_ADDRESS, "detail": error.what}


def answer_trial(asked: Asked) -> dict[str, Any]:
    """What the child tells."""
    try:
        page = _fetch(asked)
    except AddressRefusedError as error:
        return _refused(asked.url, error)
    except TrekError as error:
        return {"url": asked.url, "outcome": Outcome.UNREACHABLE, "detail": error.what}
    return page if isinstance(page, dict) else _read(asked, *page)


def _fetch(asked: Asked) -> dict[str, Any] | tuple[str, bytes, str]:
    """Where the page is, its bytes and their type; an answer where there is none."""
    from crawlers.discover.look import look
    from crawlers.discover.visit import Mission

    if asked.file:
        return asked.url or _NO_PLACE, Path(asked.file).read_bytes(), asked.content_type
    agent = _region(asked.config).settings.user_agent
    mission = Mission(asked.url, agent, asked.folder, asked.now, tuple(asked.allowed), most=1)
    visit = next((v for v in reversed(look(mission)) if v.kind == "page"), None)
    if visit is None:
        return {"url": asked.url, "outcome": Outcome.UNREACHABLE, "detail": "nothing came back"}
    if not visit.ok:
        return {"url": visit.url, "outcome": visit.outcome, "detail": visit.detail}
    return visit.url, Path(visit.file).read_bytes(), visit.content_type


@cache
def _region(config: str) -> Any:
    from aggregator.config_loader import load_region

    return load_region(Path(config))


def _read(asked: Asked, url: str, body: bytes, content_type: str) -> dict[str, Any]:
    """A page all the way to listings."""
    from datetime import datetime

    from aggregator.model import RawEvent, Reject, to_plain
    from aggregator.pages import Found, PageReader
    from crawlers.extract.guard import read_guarded
    from crawlers.extract.page import Page, Reading
    from crawlers.platforms.auto import read_any

    seen, readings = datetime.fromisoformat(asked.now), list[Reading]()

    def read(body: bytes, url: str, seen: datetime, until: Any, content_type: str | None) -> Found:
        readings.append(read_guarded(read_any, Page(url, body, seen=seen, content_type=content_type)))
        events: tuple[RawEvent, ...] = readings[0].events[:MOST]
        return Found(events, (), readings[0].follow)

    made = PageReader(_region(asked.config), read).listings(body, url, seen, None, content_type or None)
    reading = readings[0]
    return {
        "url": "" if url == _NO_PLACE else url,
        "outcome": Outcome.OK,
        "detail": "",
        "listings": [to_plain(one) for one in made if not isinstance(one, Reject)],
        "rejects": [to_plain(one) for one in made if isinstance(one, Reject)],
        "problems": [[one.code, one.detail] for one in reading.problems],
        "follow": list(reading.follow),
        "events": len(reading.events),
    }


def main() -> None:
    """Answer one request, within bounds that hold for what this starts, too."""
    resource.setrlimit(resource.RLIMIT_CPU, (COMPUTING, COMPUTING))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked = json.loads(sys.stdin.read())
    sys.stdout.write(json.dumps(answer_trial(Asked(**{**asked, "allowed": tuple(asked["allowed"])}))))


if __name__ == "__main__":
    main()
