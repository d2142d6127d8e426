"""`make fuzz`: atheris (libFuzzer) looks for input that breaks what reads the outside world.

`python -m tests.fuzz TARGET [SECONDS]`, a target of TARGETS. An exception that ought not to be, or a reader's
own net that had to catch one, ends the run and leaves the input as a `crash-...` file in `tests/fuzz/found`;
give that file instead of the seconds to see it again. It begins with the seeds in `corpus/`, which are our
own, and with what earlier runs kept. `python -m tests.fuzz keep TARGET` keeps what a run found.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import atheris

from tests.fuzz.kept import FOUND, HERE, keep, lay_out

with atheris.instrument_imports(include=["aggregator", "crawlers", "feeds"]):
    from tests.fuzz.targets import LONGEST, TARGETS


def main(words: Sequence[str]) -> None:
    """Fuzz one target for some seconds, or give it one file."""
    if len(words) == 2 and words[0] == "keep" and words[1] in TARGETS:
        print(f"{words[1]}: {keep(words[1])} inputs kept")
        return
    if not words or words[0] not in TARGETS:
        sys.exit(f"name a target: {', '.join(TARGETS)}")
    name, more = words[0], words[1] if len(words) > 1 else "60"
    if Path(more).is_file():
        TARGETS[name](Path(more).read_bytes())
        return
    found = lay_out(name)
    flags = [f"-max_total_time={int(more)}", f"-max_len={LONGEST[name]}", "-timeout=30", "-rss_limit_mb=2048"]
    flags += [f"-artifact_prefix={FOUND / name}-", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *flags, str(found), str(HERE / "corpus" / name)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
