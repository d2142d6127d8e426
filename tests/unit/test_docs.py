"""What is written for people is true: commands are mentioned, files exist, examples can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click import Context
from typer.main import get_command

import trek
from feeds.urls import REGION, Scope, Urls

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
NAMED = re.compile(r"`([^`\n]+)`")
MADE_UP = re.compile(r"[<>*…]|^your-|example")
FOLDERS = ("aggregator", "config", "crawlers", "docs", "feeds", "tests", "trek.py")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def commands() -> dict[str, Any]:
    """Every command by its words: `try when`, `run`."""
    found, waiting = {}, [((), get_command(trek.app))]
    while waiting:
        words, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            found[" ".join(words)] = command
        else:
            waiting += [((*words, name), one) for name, one in inner.items()]
    return found


def typed(page: str) -> list[str]:
    """Every `trek …` that a page tells people to type, without the comment behind it."""
    blocks = re.findall(r"^ *```sh\n(.*?)```", text(page), flags=re.DOTALL | re.MULTILINE)
    shown = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    spoken = [re.sub(r"\s+", " ", name) for name in NAMED.findall(text(page))]
    lines = [line.removeprefix(".venv/bin/") for line in shown + spoken]
    return [line for line in lines if re.match(r"trek( |$)", line)]


def make_targets(page: str) -> set[str]:
    blocks = re.findall(r"^ *```sh\n(.*?)```", text(page), flags=re.DOTALL | re.MULTILINE)
    shown = [line.strip() for block in blocks for line in block.splitlines()]
    return {m[1] for line in shown + NAMED.findall(text(page)) if (m := re.match(r"make ([a-z]+)", line))}


def files(page: str) -> list[str]:
    """Every file or folder of ours that a page names."""
    linked = re.findall(r"\]\(([^)#:]+)\)", text(page))
    named = [name for name in NAMED.findall(text(page)) if name.split("/")[0] in FOLDERS]
    return [name for name in linked + named if " " not in name and not MADE_UP.search(name)]


@pytest.mark.parametrize("words", sorted(commands()))
def test_every_command_is_mentioned(words: str) -> None:
    assert any(f"trek {words}" in re.sub(r"\s+", " ", text(page)) for page in PAGES)


EXAMPLES = [(page, line) for page in PAGES for line in typed(page)]


@pytest.mark.parametrize(("page", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_what_is_shown_can_be_typed(page: str, line: str) -> None:
    rest = shlex.split(line)[1:]
    command: Any = get_command(trek.app)
    while hasattr(command, "commands") and rest:
        assert rest[0] in command.commands, f"{page}: there is no command {line!r}"
        command = command.commands[rest.pop(0)]
    if rest and not page.startswith("CHANGE"):
        rest = ["x" if re.fullmatch("[A-Z]+", word) else word for word in rest]  # FILE stands for any file
        command.make_context("trek", rest, parent=Context(get_command(trek.app)))


def test_there_are_examples_to_check() -> None:
    assert len(EXAMPLES) > 15
    assert sum(len(files(page)) for page in PAGES) > 10


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    assert [name for name in files(page) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_that_are_named_exist(page: str) -> None:
    known = set(re.findall(r"^([a-z]+):", text("Makefile"), flags=re.MULTILINE))
    assert make_targets(page) - known == set()


def test_every_make_target_says_what_it_is_for() -> None:
    targets = re.findall(r"^([a-z]+):(.*)$", text("Makefile"), flags=re.MULTILINE)
    assert [name for name, rest in targets if "##" not in rest] == []


def test_the_changelog_knows_the_version() -> None:
    version = re.search(r'^version = "([^"]+)"', text("pyproject.toml"), flags=re.MULTILINE)
    assert version
    assert f"## {version[1]} " in text("CHANGELOG.md")


def test_the_addresses_in_the_readme_are_those_of_the_program() -> None:
    urls = Urls("https://agenda.example/")
    scopes = (REGION, Scope("hengelo"), Scope("hengelo", "muziek"), Scope(pillar="createch"))
    addresses = [urls.calendar("nl", scope) for scope in scopes]
    addresses.append(urls.calendar("nl", Scope(venue="x")).replace("x.ics", "<venue>.ics"))
    mix = (("municipality", "hengelo"), ("municipality", "borne"), ("pillar", "muziek"))
    addresses.append(urls.combination(mix))
    assert [a for a in addresses if f"`{a}`" not in text("README.md")] == []
