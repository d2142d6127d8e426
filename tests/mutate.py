"""`make mutate`: real pages damaged in ten thousand ways.

No exception leaves a reader, no page takes more than two seconds of computing or 200 MB, and a sound page
read after it is read as before. Each page is read in a child of its own, so that its time and memory are
its own: `python -m tests.mutate [COUNT] [--seed N] [--jobs N]`. Pages are those of the labelled sets where
these stand beside the checkout, else the recorded ones of the project.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import repeat as endlessly
from pathlib import Path
from random import Random

from aggregator.clock import AMSTERDAM
from crawlers.extract.guard import PAGE_TOO_LARGE, TOO_HEAVY, held_memory, read_guarded
from crawlers.extract.page import Page
from crawlers.platforms import PLATFORMS, read_any

ROOT = Path(__file__).parents[1]
GOLD = Path(os.environ.get("TREK_GOLD", ROOT.parent / "shared" / "gold")) / "real" / "files"
SECONDS, MEMORY = 2.0, 200 * 1024**2
LONGEST = 30  # seconds of computing, after which a child is ended
HUNG = 3600  # seconds by the clock on the wall; the machine may be busy with other things
SEEN = datetime(2026, 11, 24, 12, tzinfo=AMSTERDAM)
_SHARE = 50  # cases that a worker takes at a time
NETS = ("unreadable", "reader-failed")  # problems that an exception was caught
SOUND = b"""<html><script type="application/ld+json">{"@type": "Event", "name": "Koor", "url": "/koor",
"startDate": "2026-12-01T20:00"}</script><h1>Agenda</h1><li><h3>Koor</h3>1 december 2026</li></html>"""

_MEANING = (
    b'"', b"'", b"<", b">", b"<!--", b"-->", b"]]>", b"<script>", b"</", b"&#0;", b"&#x110000;", b"\x00",
    b"\r\n ", b"{", b"}", b"[", b"\\", b"\\u0000", b"1e999", b"-", b"9" * 400, b"99999-12-31", b"RRULE:",
    b"24:61", b"<p/ x=", b"<base href='//[x'>", b"http://[::1", b"<?xml", b"<![CDATA[", b"\xed\xa0\x80",
)  # fmt: skip

Seed = tuple[str, bytes]


@dataclass(frozen=True)
class Verdict:
    """What one damaged page did: the file, the damage, what went wrong, how it ended, what it took."""

    name: str
    damage: str
    fault: str = ""
    problems: tuple[str, ...] = ()
    seconds: float = 0
    memory: int = 0

    @property
    def broken(self) -> str:
        """What must not be; empty when all is well."""
        if self.fault:
            return self.fault
        if self.seconds > SECONDS:
            return f"{self.seconds:.1f} seconds"
        return f"{self.memory // 1024**2} MB" if self.memory > MEMORY else ""


def load_seeds() -> list[Seed]:
    """Name and bytes of every page to damage, in the order of their names."""
    kinds = (".html", ".json", ".xml", ".ics")
    files = [*GOLD.glob("*")] or list((ROOT / "tests" / "recorded").rglob("page.*"))
    return [(f.name, f.read_bytes()) for f in sorted(files) if f.suffix in kinds]


# --- damages ----------------------------------------------------------------------------


def _power(dice: Random, least: int, most: int) -> int:
    """A number of some size: small ones are as likely as large ones."""
    return int(10 ** dice.randint(least, most))


def cut(body: bytes, dice: Random) -> bytes:
    """An end, a middle or a beginning is missing."""
    first, last = sorted(dice.randrange(len(body) + 1) for _ in range(2))
    return dice.choice((body[:last], body[first:], body[:first] + body[last:]))


def flip(body: bytes, dice: Random) -> bytes:
    """Bits turned, one in a hundred thousand to one in a hundred."""
    made = bytearray(body)
    for _ in range(max(1, len(body) * 8 // _power(dice, 2, 5))):
        made[dice.randrange(len(made))] ^= 1 << dice.randrange(8)
    return bytes(made)


def nest(body: bytes, dice: Random) -> bytes:
    """A place in the page lies a hundred to a hundred thousand levels deeper."""
    at, depth = dice.randrange(len(body) + 1), _power(dice, 2, 5)
    opening: bytes = dice.choice(
        (b"<div>", b"<b>", b"<table><tr><td>", b"<ul><li>", b"[", b'{"a":', b"<item>", b"BEGIN:VEVENT\r\n",
         b"<div itemscope itemprop=subEvent>", b"<div class='vevent location vcard'>", b"<span>1 mei ")
    )  # fmt: skip
    return body[:at] + opening * min(depth, 2_000_000 // len(opening)) + body[at:]


def encode(body: bytes, dice: Random) -> bytes:
    """Written in another encoding than it says, or with a mark of another one before it."""
    if dice.random() < 0.3:
        return dice.choice((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00", b"\x1f\x8b")) + body
    name = dice.choice(("utf-16", "utf-16-be", "utf-32", "cp1252", "latin-1", "utf-7", "cp500", "gb18030"))
    return body.decode("utf-8", "replace").encode(name, "replace")


def swell(body: bytes, dice: Random) -> bytes:
    """An attribute of a megabyte, or thousands of them, in one of the tags."""
    tags = [at for at in range(len(body)) if body[at : at + 1] == b"<"] if len(body) < 20_000 else []
    at = dice.choice(tags) if tags else body.find(b"<", dice.randrange(len(body) + 1))
    end = next((n for n in range(at + 1, min(len(body), at + 40)) if body[n : n + 1] in b" >/\n"), at + 1)
    name = dice.choice(
        (b"class", b"datetime", b"content", b"itemprop", b"style", b"href", b"data-x", b"title")
    )
    value = dice.choice((b"x", b"1 mei 2026 ", b"vevent ", b"a/../", b"&amp;", b'{"a":[', b"location "))
    if dice.random() < 0.3:
        more = b"".join(b' %s%d="%s"' % (name, n, value) for n in range(_power(dice, 2, 5)))
    else:
        more = b' %s="%s"' % (name, value * (_power(dice, 3, 6) // len(value)))
    return body[:end] + more[:3_000_000] + body[end:]


def repeat(body: bytes, dice: Random) -> bytes:
    """A piece of the page many times over."""
    first, last = sorted(dice.randrange(len(body) + 1) for _ in range(2))
    piece = body[first : min(last, first + dice.choice((100, 5_000, 100_000)))]
    times = min(_power(dice, 1, 5), 4_000_000 // max(1, len(piece)))
    return body[:last] + piece * times + body[last:]


def garble(body: bytes, dice: Random) -> bytes:
    """Characters that mean something put where they mean nothing, or taken away."""
    made = bytearray(body)
    for _ in range(_power(dice, 0, 3)):
        at = dice.randrange(len(made) + 1)
        if dice.random() < 0.4:
            del made[at : at + dice.randint(1, 20)]
        made[at:at] = dice.choice(_MEANING)
    return bytes(made)


Damage = Callable[[bytes, Random], bytes]
DAMAGES: tuple[Damage, ...] = (cut, flip, nest, encode, swell, repeat, garble)


def damage(seeds: list[Seed], number: int, seed: int) -> tuple[str, str, bytes]:
    """The file, the damages and the bytes of one case; the same for the same numbers."""
    dice = Random(f"{seed}:{number}")
    name, body = dice.choice(seeds)
    chosen = dice.choices(DAMAGES, k=dice.choice((1, 1, 1, 2, 3)))
    for spoil in chosen:
        body = spoil(body or b"<p>", dice)
    return name, "+".join(spoil.__name__ for spoil in chosen), body


# --- reading ----------------------------------------------------------------------------


def read_case(case: tuple[str, str, bytes], number: int, seed: int) -> Verdict:
    """Read one damaged page here, by itself or as some platform's, and a sound one behind it."""
    name, damages, body = case
    dice = Random(f"{seed}:{number}:reader")
    kind = dice.choice((None, "text/html", "text/html; charset=utf-8", "application/json", "text/calendar"))
    platform = PLATFORMS[dice.choice(sorted(PLATFORMS))]
    page = Page("https://huis.example/agenda/iets", body, seen=SEEN, content_type=kind)
    try:
        read = read_any if dice.random() < 0.7 else partial(platform.read, source=None)
        told = read_guarded(read, page)
        fault = next((f"caught: {p.detail}" for p in told.problems if p.code in NETS), "")
        if not fault and not _reads_on():
            fault = "a sound page is read otherwise after it"
    except Exception as error:
        return Verdict(name, damages, f"{platform.name} raised {error!r}"[:300])
    return Verdict(name, damages, fault, tuple(sorted({p.code for p in told.problems})))


def _reads_on() -> bool:
    (event,) = read_guarded(read_any, Page("https://koor.example/agenda", SOUND, seen=SEEN)).events
    return (event.title, event.occurrences[0].start) == ("Koor", "2026-12-01T20:00")


def try_case(seeds: list[Seed], seed: int, number: int) -> Verdict:
    """`read_case` in a child, with what it took."""
    case = damage(seeds, number, seed)
    take, give = os.pipe()
    held, child = held_memory(), os.fork()
    if child == 0:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
            signal.alarm(HUNG)
            os.close(take)
            told = json.dumps(asdict(read_case(case, number, seed)))
            os.write(give, told.encode("utf-8", "replace")[:60_000])
            status = 0
        finally:
            os._exit(status)
    os.close(give)
    with os.fdopen(take, "rb") as file:
        said = file.read()
    _, ended, used = os.wait4(child, 0)
    if not said:
        return Verdict(case[0], case[1], f"the reading ended with status {ended} and said nothing")
    plain = json.loads(said) | {
        "seconds": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024 - held,
    }
    return Verdict(**plain)


def try_share(share: range, seed: int) -> list[Verdict]:
    """The cases of one worker."""
    seeds = load_seeds()
    return [try_case(seeds, seed, number) for number in share]


def tell_broken(verdicts: list[Verdict], first: int, seed: int) -> None:
    """Print each case that broke of a share that begins with the case `first`."""
    for number, verdict in enumerate(verdicts, first):
        if verdict.broken:
            told = f"{verdict.name} {verdict.damage}: {verdict.broken}"
            print(f"case {number} of seed {seed}: {told}", flush=True)


def report(verdicts: list[Verdict], seed: int) -> int:
    """Print what was found in all; how many cases broke."""
    broken = sum(bool(v.broken) for v in verdicts)
    ended = Counter(code for v in verdicts for code in v.problems if code in (TOO_HEAVY, PAGE_TOO_LARGE))
    told = ", ".join(f"{count} {code}" for code, count in sorted(ended.items())) or "none"
    slowest, largest = max(verdicts, key=lambda v: v.seconds), max(verdicts, key=lambda v: v.memory)
    print(f"{len(verdicts)} damaged pages of seed {seed}, {broken} broken; not read, or ended: {told}")
    print(f"slowest {slowest.seconds:.2f} s ({slowest.name} {slowest.damage})")
    print(f"largest {largest.memory / 1024**2:.0f} MB ({largest.name} {largest.damage})")
    return broken


def main() -> int:
    """Try the cases, until interrupted; 1 when anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    shares = [range(first, min(asked.count, first + _SHARE)) for first in range(0, asked.count, _SHARE)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        verdicts: list[Verdict] = []
        try:
            for done in pool.map(try_share, shares, endlessly(asked.seed)):
                tell_broken(done, len(verdicts), asked.seed)
                verdicts += done
                print(f"{len(verdicts)} of {asked.count}", file=sys.stderr, end="\r", flush=True)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
    return 1 if report(verdicts, asked.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
