"""Bad input at every border of the product: one clear line, the right exit status, and nothing lost."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

sys.path.insert(0, str(Path(__file__).parent))
from home import MORNING, Said, add_run, add_source, call, make_home, run
from sample import at, digests

import trek
from aggregator.alarm import AlarmSettings, load_alarms
from aggregator.config_loader import load_region
from aggregator.store import open_store
from aggregator.watch import watch
from crawlers.run import Job

SECRET = "hunt:er2/x"
Break = Callable[[Path], object]


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sites are our own; how long others are left in peace is tried elsewhere."""
    monkeypatch.setattr("crawlers.launch.PROGRAM", "tests.system.hasty")


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose twelve concerts are published."""
    home = make_home(tmp_path_factory.mktemp("borders") / "home")
    region = home / "config" / "region.yaml"  # in one language, as the others are the same work again
    region.write_text(re.sub(r"(?m)^languages:.*$", "languages: [nl]", region.read_text("utf-8")), "utf-8")
    assert call(home, "publish").status == 0
    return home


@pytest.fixture
def home(yesterday: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it to break; whatever is done to it, the published files must stay as they are."""
    place = tmp_path / "home"
    shutil.copytree(yesterday, place)
    before = digests(yesterday / "public")
    assert len(before) > 50
    yield place
    assert digests(place / "public") == before


def titles(home: Path) -> list[str]:
    """What the store holds, as anybody may see it."""
    with closing(open_store(f"sqlite:///{home}/data/trek.sqlite", read_only=True)) as store:
        return sorted(event.title for event in store.events())


def entries(home: Path) -> dict[str, list[bytes]]:
    """The events of every published calendar and feed.

    What is said about the calendar as a whole may change when a source fails; what it holds may not. A press
    list names in a paragraph, and in its file, the sources that fail.
    """
    cut = re.compile(rb"BEGIN:VEVENT.*?END:VEVENT|<item>.*?</item>|<entry>.*?</entry>", re.DOTALL)
    kinds = (".ics", ".rss", ".atom")
    files = [p for p in sorted((home / "public").rglob("*")) if p.suffix in kinds and "alarms" not in p.name]
    held = {str(p.relative_to(home)): cut.findall(p.read_bytes()) for p in files}
    return {
        name: list(map(beside_failures, some)) if "/pers/" in name else some for name, some in held.items()
    }


def beside_failures(entry: bytes) -> bytes:
    """A press list's entry without what it says of sources that fail: a paragraph, and its file's length."""
    parts = re.split(rb"/p(?:>|&gt;)", re.sub(rb' length="[0-9]+"', b"", entry))
    return b"/p>".join(part for part in parts if b"kunnen wij nu niet lezen" not in part)


def append(path: str, text: str | bytes) -> Break:
    def do(home: Path) -> None:
        with (home / path).open("ab") as file:
            file.write(text.encode() if isinstance(text, str) else text)

    return do


def put(path: str, data: bytes) -> Break:
    def do(home: Path) -> None:
        file = home / path
        for old in file.parent.glob(f"{file.name}*"):
            old.unlink()
        file.write_bytes(data)

    return do


def sql(command: str, path: str = "data/trek.sqlite") -> Break:
    def do(home: Path) -> None:
        with closing(sqlite3.connect(home / path)) as database:
            database.execute(command)
            database.commit()

    return do


def nothing(home: Path) -> None:
    """The home is sound; the words are not."""


def scramble(home: Path) -> None:
    """A database with a damaged page in its midst."""
    sql("PRAGMA wal_checkpoint(TRUNCATE)")(home)
    path = home / "data" / "trek.sqlite"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(bytes(data))


KERK = "config/sources/hengelo/kerk.yaml"
NEWER = "UPDATE alembic_version SET version_num = '9999'"
CASES: list[tuple[str, Break, str, int, tuple[str, ...]]] = [
    # what is broken, how, the command, its exit status, what its line must name
    (
        "unknown key",
        append(KERK, "tear: venue\n"),
        "publish",
        2,
        ("kerk.yaml:5", "tear", "did you mean tier?"),
    ),
    (
        "file not in UTF-8",
        append(KERK, b"note: caf\xe9\n"),
        "publish",
        2,
        ("kerk.yaml:5", "not UTF-8", "save"),
    ),
    ("no YAML", append(KERK, "\tnote: x\n"), "config check", 2, ("kerk.yaml:5", "tab", "spaces")),
    ("unknown platform", append(KERK, "platform: peperd\n"), "run --once", 2, ("kerk.yaml:5", "peppered?")),
    (
        "bad mapping",
        append(KERK, "mapping: {titel: a}\n"),
        "config check",
        2,
        ("kerk.yaml", "titel", "title"),
    ),
    ("no configuration", nothing, "publish --config nowhere", 2, ("--config", "nowhere")),
    ("unknown source", nothing, "crawl --source kirk", 2, ("--source", "kirk", "trek config show")),
    ("unknown name", nothing, "config show hengello", 2, ("hengello", "hengelo?")),
    ("newer database", sql(NEWER), "publish", 1, ("trek.sqlite", "9999", "newer Trek")),
    ("newer database, read", sql(NEWER), "status", 1, ("trek.sqlite", "9999", "newer Trek")),
    ("no database yet", put("data/trek.sqlite", b""), "explain abc", 1, ("trek.sqlite", "trek run")),
    ("no SQLite", put("data/trek.sqlite", b"garbage " * 99), "publish", 1, ("trek.sqlite", "inbox")),
    ("damaged SQLite", scramble, "publish", 1, ("trek.sqlite", "inbox")),
    (
        "another's database",
        sql("CREATE TABLE a (b)", "x.db"),
        "publish --database sqlite:///x.db",
        1,
        ("x.db",),
    ),
    ("database in a missing place", nothing, "status --database sqlite:////nowhere/x", 1, ("/nowhere/x",)),
    (
        "no database address",
        nothing,
        f"status --database me:{SECRET}@host",
        2,
        ("me:***@host", "write sqlite"),
    ),
    (
        "foreign database",
        nothing,
        f"status --database mysql://me:{SECRET}@host/x",
        2,
        ("me:***@", "PostgreSQL"),
    ),
    (
        "no server",
        nothing,
        f"status --database postgresql://me:{SECRET}@127.0.0.1:1/x",
        1,
        ("me:***@", "refused"),
    ),
    ("data is a file", put("f", b""), "publish --data f", 1, ("home/f", "--data")),
    ("data in a file", put("f", b""), "publish --data f/data", 1, ("home/f/data", "--data")),
    ("public is a file", put("f", b""), "publish --public f", 1, ("home/f", "--public")),
    ("another region's data", put("data/region", b"achterhoek"), "publish", 2, ("achterhoek", "--data")),
    ("damaged mark of the region", put("data/region", b"\xff\xfe"), "publish", 2, ("home/data", "--data")),
    (
        "lock is a folder",
        lambda h: (h / "d/trek.lock").mkdir(parents=True),
        "publish --data d",
        1,
        ("trek.lock",),
    ),
    ("unknown event", nothing, "explain nobody", 2, ("nobody", "UID")),
    ("nothing is held", nothing, "hold accept kerk", 2, ("kerk", "trek hold list")),
    ("missing page", nothing, "try page a.html --url https://a.example/", 2, ("a.html", "No such file")),
    ("bad moment", put("f", b""), "try page f --url https://a.example/ --seen now", 2, ("--seen", "now")),
    ("bad day", put("f", b""), "try page f --url https://a.example/ --until 2027", 2, ("--until", "2027")),
    ("bad address", put("f", b""), "try page f --url a.example", 2, ("--url", "a.example", "https://")),
    ("missing lines", nothing, "try place lines.jsonl", 2, ("lines.jsonl", "No such file")),
    ("missing dates", nothing, "try when lines.jsonl", 2, ("lines.jsonl", "no such file")),
    ("folder for a file", nothing, "try pillars config", 2, ("config", "directory")),
    ("no labelled sets", nothing, "score nowhere", 2, ("nowhere",)),
    ("unknown host", nothing, "serve --host 192.0.2.1", 2, ("192.0.2.1", "--host")),
]


@pytest.mark.parametrize(
    ("destroy", "words", "status", "names"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_bad_input_gives_one_clear_line(
    home: Path, destroy: Break, words: str, status: int, names: tuple[str, ...]
) -> None:
    destroy(home)
    said = call(home, *words.split())
    assert said.status == status, said
    assert len(said.lines) == (2 if "nothing was done" in said.err else 1), said.err
    assert all(name in said.err for name in names), said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    assert not any(part in said.err for part in ("hunt", "er2"))


@pytest.mark.parametrize("moment", ["abc", "2026-11-24T08:00", "0001-01-01T00:00+14:00"])
def test_a_moment_that_is_none_is_refused(home: Path, moment: str) -> None:
    said = call(home, "publish", TREK_NOW=moment)
    assert (said.status, len(said.lines)) == (2, 1)
    assert "TREK_NOW" in said.err
    assert "2026-10-09T12:00+02:00" in said.err


@pytest.mark.parametrize(
    "words", ["", "bla", "publish --bla", "serve --port 99999", "serve --port x", "try page", "explain"]
)
def test_usage_mistakes_end_with_two(home: Path, words: str) -> None:
    said = call(home, *words.split())
    assert said.status == 2
    assert "trek" in said.out + said.err


def test_a_database_that_had_trouble_is_made_again_from_the_inbox(home: Path) -> None:
    before = titles(home)
    put("data/trek.sqlite", b"garbage " * 99)(home)
    assert call(home, "publish").status == 1
    (home / "data" / "trek.sqlite").unlink()
    assert call(home, "publish").status == 0
    assert titles(home) == before


def test_a_port_that_is_taken_is_told_before_anything_else(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        for command in ("serve", "demo"):
            said = call(home, command, "--port", port)
            assert (said.status, said.out, len(said.lines)) == (2, "", 1), said
            assert port in said.err
            assert "--port" in said.err
    assert not (home / "data" / "sample-port").exists()


def test_two_jobs_never_work_in_one_folder(home: Path) -> None:
    with (home / "data" / "trek.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = call(home, "publish")
    assert (said.status, len(said.lines)) == (1, 1)
    assert "at work" in said.err
    assert call(home, "publish").status == 0


def test_folders_that_must_not_be_written(home: Path, yesterday: Path) -> None:
    add_run(home, 24, ["Kerstconcert"] * 1)
    for folder, hint in (("public", "right to write"), ("data", "--data")):
        places = [p for p in ((home / folder), *(home / folder).rglob("*")) if p.is_dir()]
        for place in places:
            place.chmod(0o555)
        said = run(home, "publish")
        for place in places:
            place.chmod(0o755)
        assert said.status == 1, said
        assert f"home/{folder}" in said.lines[-1]
        assert hint in said.lines[-1]
        assert "Traceback" not in said.err
        assert digests(home / "public") == digests(yesterday / "public")


def test_a_full_disk_costs_nothing_that_was_there(home: Path, yesterday: Path) -> None:
    add_run(home, 24, [f"Kerstconcert {n} {'met koor en orkest ' * 5}" for n in range(1, 29)])
    before = titles(home)
    said = run(home, "publish", largest=40_000)  # the database cannot grow
    assert said.status == 1, said
    assert "trek.sqlite" in said.lines[-1]
    assert "disk" in said.lines[-1]
    assert titles(home) == before
    shutil.copytree(home, home.parent / "full")
    full = home.parent / "full"
    assert call(full, "publish").status == 0  # with room again
    assert len(titles(full)) == 28 + len(before) - 12
    (full / ".public.trek-state.sqlite").unlink()
    (full / "public" / "agenda" / "region.ics").unlink()
    said = run(full, "publish", largest=32_768 + 1)  # as large as SQLite's own index of its log
    assert said.status in (0, 1)
    if said.status:
        assert "public/" in said.lines[-1], said.err
        assert "run trek publish again" in said.lines[-1]
    assert not list((full / "public" / ".trek-tmp").iterdir())
    assert call(full, "publish").status == 0
    assert (full / "public" / "agenda" / "region.ics").is_file()


def damage_line(folder: Path) -> None:
    lines = (folder / "items.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "items.jsonl").write_bytes(b"".join([lines[0], b'{"source_id": \xff\n', *lines[2:]]))


def of_a_newer_trek(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": 99}))


@pytest.mark.parametrize(
    ("destroy", "names", "kept"),
    [
        (damage_line, ("items.jsonl", "line 2", "skipped"), 2),
        (lambda f: (f / "manifest.json").write_text("{"), ("manifest", "damaged"), 3),
        (lambda f: (f / "manifest.json").write_text("[]"), ("manifest", "damaged"), 3),
        (lambda f: (f / "manifest.json").unlink(), ("without a manifest", "nothing is removed"), 3),
        (of_a_newer_trek, ("manifest.json", "newer Trek", "waits"), 0),
        (lambda f: (f / "items.jsonl").unlink(), ("items.jsonl", "manifest"), 0),
        (lambda f: f.rename(f.with_name("copy")), ("copy", "move it out"), 0),
    ],
)
def test_a_damaged_inbox_is_told_and_the_rest_is_used(
    yesterday: Path, tmp_path: Path, destroy: Break, names: tuple[str, ...], kept: int
) -> None:
    home = tmp_path / "home"
    shutil.copytree(yesterday, home)
    destroy(add_run(home, 24, ["Kerstconcert A", "Kerstconcert B", "Kerstconcert C"]))
    said = call(home, "publish")
    assert said.status == 0
    assert any(all(name in line for name in names) for line in said.lines), said.err
    found = titles(home)
    assert sum("Kerst" in title for title in found) == kept
    assert len(found) == 12  # the first three changed their titles; nothing was lost


def test_without_a_network_each_source_fails_with_its_own_line(spare: Path) -> None:
    add_source(spare / "config", "molen", "http://10.0.0.1/agenda")
    assert call(spare, "publish").status == 0
    before = entries(spare)
    said = call(spare, "run", "--once")
    assert said.status == 1
    assert entries(spare) == before
    assert sum(map(len, before.values())) > 100
    for name, words in (("kerk", "kerk.invalid is not found (DNS)"), ("molen", "10.0.0.1")):
        (line,) = [line for line in said.lines if line.startswith(f"{name}: ")]
        assert words in line
    assert len(titles(spare)) == 12


def test_an_inbox_that_takes_nothing_is_named(home: Path) -> None:
    shutil.rmtree(home / "data" / "inbox" / "kerk")
    (home / "data" / "inbox" / "kerk").touch()
    said = call(home, "crawl")
    assert said.status == 1
    (line,) = [line for line in said.lines if line.startswith("kerk: ")]
    assert "inbox/kerk" in line
    assert "--data" in line


@pytest.fixture
def spare(yesterday: Path, tmp_path: Path) -> Path:
    """A copy of yesterday's home that may be published anew."""
    shutil.copytree(yesterday, tmp_path / "spare")
    return tmp_path / "spare"


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    """A web server of this test's own, which lets everybody in."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        server.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
        yield server


def concerts(*titles: str, first: int = 1, about: str = "") -> str:
    """A page that lists concerts, one a day in December."""
    events = [
        {
            "@type": "Event",
            "name": title,
            "startDate": f"2026-12-{day:02}T20:00+01:00",
            "url": f"/{title.replace(' ', '-')}",
            "description": about,
        }
        for day, title in enumerate(titles, first)
    ]
    return f'<html><script type="application/ld+json">{json.dumps(events)}</script></html>'


def serve(site: HTTPServer, path: str, body: str | bytes, **more: Any) -> str:
    """Answer a path with a page; its address."""
    site.expect_request(path).respond_with_data(body, **{"content_type": "text/html", **more})
    return site.url_for(path)


def test_a_crawl_on_a_full_disk_says_so(spare: Path, site: HTTPServer) -> None:
    page = concerts(*(f"Concert {n}" for n in range(20)), about="Koor en orkest. " * 500)
    add_source(spare / "config", "kerk", serve(site, "/agenda", page))
    job = Job(
        *(str(spare / "config"), ("kerk",), str(spare / "data" / "inbox"), str(spare / "data" / "cache")),
        *("2026-11-24T08:00:00+00:00", str(spare / "data" / "crawl.log"), (f"127.0.0.1:{site.port}",)),
    )
    said = run(spare, module="crawlers.run", largest=60_000, stdin=job.dumps().encode())
    told = json.loads(said.out)
    assert (told["outcome"], told["complete"]) == ("crashed", False)
    assert "inbox/kerk" in told["detail"]
    assert "File too large" in told["detail"]
    assert call(spare, "publish").status == 0
    found = titles(spare)
    assert {f"Orgelconcert {n}" for n in range(1, 13)} <= set(found)  # an unfinished crawl removes nothing
    assert len(found) > 12  # and what it could keep is used


def allowing(port: int) -> Callable[..., Any]:
    """A desk's `crawl` that may reach the test's own server."""
    crawl = trek.Desk.crawl

    def allowed(desk: trek.Desk, *args: Any, **more: Any) -> Any:
        desk.allowed = (f"127.0.0.1:{port}",)
        return crawl(desk, *args, **more)

    return allowed


def test_a_source_that_lost_very_much_waits_until_a_person_agrees(
    spare: Path, site: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_run(spare, 24, ["Orgelconcert 1", "Orgelconcert 2"])
    assert call(spare, "publish").status == 0
    assert len(titles(spare)) == 12
    for words in ("hold list", "status"):
        said = call(spare, *words.split())
        assert said.status == 0
        assert "kerk" in said.out
        assert "10 of 12 coming events would be lost" in said.out
        assert "trek hold accept kerk" in said.out
    failed = call(spare, "hold", "accept", "kerk")  # the site cannot be reached now
    assert failed.status == 1
    assert "kerk.invalid" in failed.err
    assert "10 of 12" in call(spare, "hold", "list").out  # so it waits still
    assert call(spare, "hold", "reject", "kerk").status == 0
    assert call(spare, "hold", "list").out == "No source waits for a person.\n"
    assert "10 of 12" in call(spare, "hold", "list", "--all").out
    assert "waits for a person" not in call(spare, "status").out

    page = concerts("Orgelconcert 1", "Orgelconcert 2").replace("/Orgel", "https://kerk.invalid/Orgel")
    add_source(spare / "config", "kerk", serve(site, "/agenda", page))
    monkeypatch.setattr(trek.Desk, "crawl", allowing(site.port))
    agreed = call(spare, "hold", "accept", "kerk")
    assert agreed.status == 0, agreed.err
    assert call(spare, "hold", "list").out == "No source waits for a person.\n"


def alarm_keys(home: Path) -> list[str]:
    """The alarms that go on."""
    return [alarm.key for alarm in load_alarms(home / "data" / "alarms.json") if alarm.over is None]


def test_a_date_that_a_person_agrees_with_is_published_though_its_page_did_not_change(
    spare: Path, site: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It alone: the other one that waited was refused, and is not asked about any more."""
    page = concerts("Nachtorgel", "Vleermuizen", *(f"Orgelconcert {n}" for n in range(3, 13)))
    page = page.replace("2026-12-01", "2028-12-01").replace("2026-12-02", "2028-12-02")
    page = page.replace("/Orgelconcert-", "https://kerk.invalid/")  # the others are as they were

    def answer(request: Request) -> Response:
        known = request.headers.get("If-None-Match") == '"1"'
        return Response("" if known else page, 304 if known else 200, {"ETag": '"1"'}, mimetype="text/html")

    site.expect_request("/agenda").respond_with_handler(answer)
    add_source(spare / "config", "kerk", site.url_for("/agenda"))
    monkeypatch.setattr(trek.Desk, "crawl", allowing(site.port))
    for _ in range(2):  # the second time the site says that nothing changed
        call(spare, "run", "--once", "--source", "kerk")
        assert not {"Nachtorgel", "Vleermuizen"} & set(titles(spare))
        said = call(spare, "hold", "list").out
        assert said.count("more than eighteen months ahead") == 2
        assert alarm_keys(spare) == ["kerk:dates"]
    organ, bats = re.findall(r"hold accept (kerk:\w+)", said)
    if "Nachtorgel" in said.splitlines()[1]:
        organ, bats = bats, organ
    assert call(spare, "hold", "reject", bats).status == 0
    assert re.findall(r"hold accept (kerk:\w+)", call(spare, "hold", "list").out) == [organ]
    assert call(spare, "hold", "accept", organ).status == 0
    assert "Nachtorgel" in titles(spare)
    assert "Vleermuizen" not in titles(spare)
    pages = (spare / "public" / "evenement").glob("*/index.html")
    assert any("Nachtorgel" in found.read_text("utf-8") for found in pages)
    assert call(spare, "hold", "list").out == "No source waits for a person.\n"
    assert bats in call(spare, "hold", "list", "--all").out
    with closing(open_store(f"sqlite:///{spare}/data/trek.sqlite", read_only=True)) as store:
        region = load_region(spare / "config")
        watch(
            region, store, spare / "data", AlarmSettings(), datetime.fromisoformat(MORNING), print
        )  # as after the next job
    assert alarm_keys(spare) == []


BROKEN: dict[str, tuple[str | bytes, dict[str, Any], tuple[str, ...]]] = {
    # what each site answers today, and what its line must say
    "loop": ("", {"status": 302, "headers": {"Location": "/agenda?again"}}, ("redirects", "start_urls")),
    "huge": (b"<p>" + b"x" * 50 * 1024 * 1024, {}, ("larger", "smaller page or feed")),
    "feed": ("<html><body>Inloggen</body></html>", {"content_type": "text/calendar"}, ("calendar",)),
    "bytes": (b"\xff\xfe\x00\xd8" + bytes(range(256)) * 9, {}, ()),
    "down": ("down", {"status": 503}, ("503",)),
    "gone": ("gone", {"status": 410}, ("410",)),
    "shut": ("no", {"status": 403}, ("403",)),
    "robots": (concerts("Zanggroep"), {}, ("robots.txt",)),
}


def test_sources_that_break_in_every_way_leave_yesterdays_feeds(
    spare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ExitStack() as stack:
        sites = {name: stack.enter_context(HTTPServer(host="127.0.0.1", threaded=True)) for name in BROKEN}
        for day, (name, site) in enumerate(sites.items(), 1):
            serve(site, "/robots.txt", "User-agent: *\nAllow: /\n")
            url = serve(site, "/agenda", concerts(f"Zanggroep {name}", first=day))
            add_source(spare / "config", name, url)
        (spare / KERK).unlink()
        first = work(spare, sites.values(), capsys)
        assert first.status == 0, first.err
        before, known = entries(spare), titles(spare)
        assert {f"Zanggroep {name}" for name in BROKEN} <= set(known)
        for name, (body, more, _) in BROKEN.items():
            sites[name].clear()
            rule = "Disallow: /agenda" if name == "robots" else "Allow: /"
            serve(sites[name], "/robots.txt", f"User-agent: *\n{rule}\n")
            serve(sites[name], "/agenda", body, **more)
        second = work(spare, sites.values(), capsys)
    assert second.status == len(BROKEN), second.err
    for name, (_, _, words) in BROKEN.items():
        told = [line for line in second.lines if line.startswith(f"{name}: ") and ": held" not in line]
        assert len(told) == 1, second.err
        assert all(word in told[0] for word in words), told
    assert titles(spare) == known
    assert entries(spare) == before


def work(home: Path, sites: Iterable[HTTPServer], capsys: pytest.CaptureFixture[str]) -> Said:
    """The main job, which may reach the test's own servers; the status is how many sources failed."""
    desk = trek.Desk(home / "data", home / "public", None, home / "config")
    desk.allowed = tuple(f"127.0.0.1:{site.port}" for site in sites)
    capsys.readouterr()
    with at(MORNING), desk.open() as store:
        failed = desk.work(store, everything=True)
    got = capsys.readouterr()
    return Said(failed, got.out, got.err)
