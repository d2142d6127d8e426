"""What adding a source takes: `python -m tests.adding`, from the address of a front page to a green test.

Five sites of the sample region, of a kind each, are looked at, added and tested with the commands that a
contributor types, in a copy of the configuration. A line each: the kind, what it is read as, seconds by the
clock of each command (a site is asked once a second or so: most of it is waiting), lines written by hand.
What a person needs to read the proposal through comes on top.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from ruamel.yaml import YAML

from aggregator.clock import now
from crawlers.sample.sites import BASE_PORT, SampleRegion, free_base_port

ROOT = Path(__file__).parents[1]
TEST = Path("tests", "unit", "platforms", "test_recorded.py")
KINDS = {  # style of a sample site: what a contributor would call it
    "jsonld": "structured data (JSON-LD)",
    "tribe": "The Events Calendar, REST",
    "ical": "iCalendar feed",
    "cards": "list and pages of events, no markup",
    "sitemap": "sitemap, a page for each event",
}


def main() -> int:
    """Add the five, print a line for each; 1 when one of them fails."""
    seen: datetime = now()
    with tempfile.TemporaryDirectory(prefix="trek-adding-") as folder:
        home = Path(folder)
        shutil.copytree(ROOT / "config", home / "config")
        (home / TEST).parent.mkdir(parents=True)
        shutil.copy(ROOT / TEST, home / TEST)
        with SampleRegion(seen.date(), free_base_port(BASE_PORT)) as region:
            sources = region.programme.sources
            for style, kind in KINDS.items():
                name = next(name for name, source in sources.items() if source.style == style)
                print(f"| {kind} | {add_source(home, f'new-{name}', region.addresses[name])} |", flush=True)
    return 0


def add_source(home: Path, name: str, url: str) -> str:
    """One site added: what it is read as, seconds of each command, lines by hand."""
    port = url.rstrip("/").rsplit(":", 1)[1]
    trek = [sys.executable, str(ROOT / "trek.py")]
    config = ["--config", str(home / "config")]
    look = [*config, "--allow", f"127.0.0.1:{port}"]
    recorded = home / "tests" / "recorded"
    took = [
        _seconds([*trek, "source", "try", url, *look]),
        _seconds([*trek, "source", "new", name, url, "-m", "hengelo", "--recorded", str(recorded), *look]),
        _seconds([*trek, "config", "check", *config])
        + _seconds([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(home),
                    "-c", str(ROOT / "pyproject.toml"), str(home / TEST), "-k", name]),
    ]  # fmt: skip
    made = YAML(typ="safe").load(home / "config" / "sources" / "hengelo" / f"{name}.yaml")
    return " | ".join([f"`{made['platform']}`", *(f"{seconds:.0f} s" for seconds in took), "0"])


def _seconds(command: list[str]) -> float:
    """Seconds that a command took; ends all with what it said when it failed."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
