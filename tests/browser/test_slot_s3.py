"""The inbox on a real S3 server (s3rver): two machines crawl into it, one gathers, public goes out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.errors import InboxError
from aggregator.slot import Slot, open_slot
from tests.browser.s3 import s3_server, said_of
from tests.browser.test_feeds_s3 import sink_at
from tests.ports import free_port

OLD, NEW = "20261123T060000Z-000001", "20261124T060000Z-000001"
pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("slot-s3")) as address:
        yield address


def slot_at(endpoint: str) -> Slot:
    return open_slot("s3://agenda/inbox", **said_of(endpoint))


def write_run(inbox: Path, source: str, run: str, items: str) -> Path:
    folder = inbox / source / run
    folder.mkdir(parents=True)
    (folder / "items.jsonl").write_text(items)
    (folder / "manifest.json").write_text(f'{{"run_id": "{run}"}}')
    return folder


def test_runs_of_two_machines_arrive_whole_and_public_files_lie_beside_them(
    storage: str, tmp_path: Path
) -> None:
    one, two, home = slot_at(storage), slot_at(storage), slot_at(storage)
    large = "".join(f'{{"title": "Koor {n} – Eanske"}}\n' for n in range(60_000))  # some megabytes
    one.put(write_run(tmp_path / "one", "kerk", OLD, large))
    write_run(tmp_path / "two", "kerk", NEW, "nieuw\n")
    write_run(tmp_path / "two", "huis", NEW, "{}\n")
    two.send(tmp_path / "two" / "kerk")
    two.send(tmp_path / "two" / "huis")
    assert two.newest("kerk") == NEW
    assert two.newest("ker") == ""
    sink = sink_at(storage)
    sink.put("index.html", b"<p>Twente</p>", {})
    runs = home.fetch(tmp_path / "home")
    assert runs == [("kerk", OLD), ("huis", NEW), ("kerk", NEW)]
    assert (tmp_path / "home" / "kerk" / OLD / "items.jsonl").read_text() == large
    assert not [p for p in (tmp_path / "two").rglob("*") if p.is_file()]
    one.put(write_run(tmp_path / "one", "later", NEW, "{}\n"))
    home.remove(runs)
    assert home.finished() == [("later", NEW)], "only what was fetched goes"
    assert sink.get("index.html") == b"<p>Twente</p>"


def test_half_a_run_is_none(storage: str, tmp_path: Path) -> None:
    """A machine that is killed between the two files leaves items without a manifest."""
    folder = write_run(tmp_path / "there", "half", NEW, "{}\n")
    (folder / "manifest.json").unlink()
    slot = slot_at(storage)
    with pytest.raises(InboxError, match="cannot be put"):
        slot.put(folder)
    assert slot.newest("half") == ""
    assert "half" not in {source for source, _ in slot.fetch(tmp_path / "here")}
    (folder / "manifest.json").write_text("{}")
    slot.put(folder)
    assert slot.newest("half") == NEW


def test_storage_that_is_down_is_told_in_one_line(tmp_path: Path) -> None:
    slot = slot_at(f"http://127.0.0.1:{free_port()}")
    for ask in (slot.finished, lambda: slot.fetch(tmp_path), lambda: slot.remove([("kerk", OLD)])):
        with pytest.raises(InboxError) as told:
            ask()
        assert "\n" not in str(told.value)
        assert "s3://agenda/inbox" in str(told.value)


def test_the_environment_names_endpoint_and_keys(storage: str) -> None:
    """As the operator's guide says; in a process of its own, as obstore reads it once."""
    script = "from aggregator.slot import open_slot; print(open_slot('s3://agenda/inbox').finished())"
    keys = {"AWS_ENDPOINT": storage, "AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER"}
    env = {**keys, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1", "PATH": "/usr/bin"}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[")
