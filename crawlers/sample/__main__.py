"""`python -m crawlers.sample`: serve the sample region and print its addresses, for contributors."""

from __future__ import annotations

import argparse
import sys
import threading
from datetime import date
from pathlib import Path

from aggregator import clock
from aggregator.config_loader import find_config
from aggregator.errors import TrekError
from crawlers.sample.config import write_config
from crawlers.sample.sites import BASE_PORT, SampleRegion, free_base_port
from crawlers.sample.truth import truth


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted. 0 at the end, 1 when no ports are free."""
    asked = _parser().parse_args(arguments)
    today = asked.today or clock.today()
    try:
        base = free_base_port(asked.base_port)
        if base != asked.base_port:
            _say(f"port {asked.base_port} and on are in use; serving from {base}")
        with SampleRegion(today, base) as region:
            if asked.config:
                written = write_config(asked.config, find_config(None), region.programme.sources)
                _say(f"configuration in {written}")
            for name, address in region.addresses.items():
                _say(f"{address}  {name} ({region.programme.sources[name].style})")
            known = truth(region.programme)
            counts = f"{len(region.sites)} sites, {len(known.listings)} listings, {len(known.shown)} events"
            _say(f"{counts}; Ctrl-C ends")
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except TrekError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m crawlers.sample", description="Serve the built-in sample region."
    )
    parser.add_argument(
        "--today", type=date.fromisoformat, help="make the programme of this day (2026-10-09)"
    )
    parser.add_argument(
        "--base-port", type=int, default=BASE_PORT, help=f"the first port (default {BASE_PORT})"
    )
    parser.add_argument(
        "--config", type=Path, help="also write a configuration for these sites into this folder"
    )
    return parser


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
