"""The wheel alone is enough: built, unpacked, and run far from a checkout, without development tools."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Runs `trek` with nothing importable but the standard library, the wheel and what the plain lock file pins.
BARE = """
import importlib.metadata as metadata, re, sys
canonical = lambda name: re.sub(r"[-_.]+", "-", name).lower()
pinned = set(sys.argv.pop(1).split(","))
for module, names in metadata.packages_distributions().items():
    if not any(canonical(name) in pinned or name == "trek-twente" for name in names):
        sys.modules[module] = None  # importing it fails, as if it were not installed
import trek
sys.argv[0] = "trek"
trek.main()
"""


def pinned() -> str:
    """Names of the packages that a plain installation has."""
    text = (ROOT / "requirements.lock").read_text()
    return ",".join(re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==", text, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    made = subprocess.run([*build, "-w", folder, ROOT], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def trek(wheel: Path, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command from the wheel, in a folder that knows of no checkout."""
    path = f"{wheel}{os.pathsep}{sysconfig.get_paths()['purelib']}"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TREK_", "PYTHON"))}
    env |= {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TREK_NOW": "2026-11-24T08:00+00:00"}
    # -S: no site-packages by themselves, so the checkout that is installed there for editing is not seen.
    command = [sys.executable, "-S", "-c", BARE, pinned(), *words]
    return subprocess.run(
        command, cwd=home, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_everything_but_code_is_inside(wheel: Path) -> None:
    missing = []
    for package in ("aggregator", "crawlers", "feeds", "config"):
        for file in sorted((ROOT / package).rglob("*")):
            inside = file.relative_to(ROOT).as_posix().replace("config/", "aggregator/bundled_config/", 1)
            inside = inside if package == "config" else file.relative_to(ROOT).as_posix()
            hidden = any(part.startswith((".", "__pycache__")) for part in file.relative_to(ROOT).parts)
            if file.is_file() and not hidden and not (wheel / inside).is_file():
                missing.append(inside)
    assert missing == []
    assert not list(wheel.glob("tests"))


def test_the_bundled_configuration_is_found_and_sound(wheel: Path, tmp_path: Path) -> None:
    said = trek(wheel, tmp_path, "config", "check")
    assert (said.returncode, said.stderr) == (0, "")
    assert "14 municipalities: no mistakes" in said.stdout


def test_texts_places_and_pages_are_read(wheel: Path, tmp_path: Path) -> None:
    said = trek(wheel, tmp_path, "try", "when", "za 28 nov, 20.15 uur")
    assert (said.returncode, said.stderr) == (0, "")
    assert "Saturday 28 November 2026, 20:15" in said.stdout
    event = {"@type": "Event", "name": "Orgelconcert", "startDate": "2026-12-05T20:00"}
    page = f'<script type="application/ld+json">{json.dumps(event)}</script>'
    (tmp_path / "page.html").write_text(f"<html><body>{page}</body></html>")
    said = trek(wheel, tmp_path, "try", "page", "page.html", "--url", "https://kerk.example/")
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["start"] == "2026-12-05T20:00"


def test_a_database_is_made_and_a_site_published(wheel: Path, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    for file in (ROOT / "config").glob("*.yaml"):
        text = file.read_text()
        if file.name == "municipalities.yaml":  # two are enough to see the site
            text = "- id: ".join(re.split(r"(?<=\n  )- id: ", text)[:3])
        (config / file.name).write_text(text)
    said = trek(wheel, tmp_path, "publish", "--config", "config")
    assert said.returncode == 0, said.stderr
    assert (tmp_path / "data" / "trek.sqlite").is_file()
    assert b"BEGIN:VCALENDAR" in (tmp_path / "public" / "agenda" / "region.ics").read_bytes()
    assert (tmp_path / "public" / "index.html").stat().st_size > 1000
