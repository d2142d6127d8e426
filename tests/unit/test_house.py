"""The house keeps its own rules: who imports whom, no registry host, data only in config/."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("aggregator", "crawlers", "feeds")


def modules() -> list[Path]:
    return [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]


def test_import_rules_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_the_clock_is_read_in_one_file() -> None:
    reader = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    guilty = [str(f.relative_to(ROOT)) for f in modules() if reader.search(f.read_text())]
    assert guilty == ["aggregator/clock.py"]


def test_config_holds_data_only() -> None:
    assert [f for f in (ROOT / "config").rglob("*") if f.suffix == ".py"] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-extras.lock"])
def test_lock_files_pin_with_hashes_and_name_no_registry(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
    pins = re.findall(r"^[a-z0-9.-]+(?:\[[a-z,]+\])?==", text, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    assert len(pins) > 50
    assert all("--hash=sha256:" in block for block in blocks if "==" in block.split("\n")[0])


def test_public_functions_say_what_they_return() -> None:
    silent = []
    for file in modules():
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if not node.name.startswith("_") and not ast.get_docstring(node) and _public(node, file):
                silent.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert silent == []


def _public(node: ast.AST, file: Path) -> bool:
    """Whether a definition stands at module level or in a class; functions inside functions do not."""
    for parent in ast.walk(ast.parse(file.read_text())):
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
            for child in ast.walk(parent):
                if child is not parent and getattr(child, "lineno", 0) == getattr(node, "lineno", -1):
                    return False
    return True
