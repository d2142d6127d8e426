"""What all tests share: a fixed clock, the labelled sets, and skips that fail where none is allowed."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
GOLD = Path(os.environ.get("TREK_GOLD", ROOT.parent / "shared" / "gold"))

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

FIRST = ("tests/system/", "tests/browser/", "tests/contract/", "tests/unit/feeds/", "tests/unit/jobs/")
LONGEST = ("kill", "sample", "history", "workers", "ops", "borders", "sample_readers", "polite", "crawl")

settings.register_profile("trek", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("trek")


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment at which the tests take place."""
    return NOW


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder of the labelled sets; tests that need it are skipped where it is absent."""
    if not GOLD.is_dir():
        pytest.skip(f"no labelled sets at {GOLD}; set TREK_GOLD")
    return GOLD


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, one for a whole run: two drivers in one process are in each other's way."""
    if not CHROMIUM.exists():
        pytest.skip(f"needs Chromium at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TREK_CONFIG", "TREK_NOW"):
        monkeypatch.delenv(name, raising=False)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Several workers begin with the files that take long, or one of them would end with those, alone."""

    def turn(item: pytest.Item) -> tuple[int, int]:
        name = item.path.stem.removeprefix("test_")
        folder = next((n for n, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))
        return folder, LONGEST.index(name) if name in LONGEST else len(LONGEST)

    if hasattr(config, "workerinput"):
        items.sort(key=turn)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure when TREK_NO_SKIPS is set: there everything must run."""
    report = yield
    if report.skipped and os.environ.get("TREK_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and no skip is allowed here: {report.longrepr}"
    return report
