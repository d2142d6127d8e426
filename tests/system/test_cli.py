"""The commands that others rely on: what goes in, what comes out, in which order, with which exit status."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from click import Context
from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command
from typer.testing import CliRunner, Result

import trek
from aggregator.answers import answer_pillars, answer_place, answer_same, answer_when
from aggregator.config_loader import find_config, load_region
from aggregator.dedupe import Deduper
from aggregator.errors import TrekError
from aggregator.normalise.place import PlaceFinder
from aggregator.tag.tagger import Tagger

RUNNER = CliRunner()
URL = "https://podium.example/agenda"
SEEN = ("--seen", "2026-10-09T12:00")
LOAD = cache(load_region)


@pytest.fixture(autouse=True)
def _anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command works from any folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TREK_NOW", "2026-11-24T11:00+00:00")
    monkeypatch.setattr("aggregator.cli.load_region", LOAD)  # checked once is enough here


def ask(*words: str, stdin: str | bytes = "") -> Result:
    """A command that must end by itself, well or with a status of its own."""
    result = RUNNER.invoke(trek.app, list(words), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def jsonl(*rows: Any) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


WHEN = {"id": "w", "text": "za 28 nov, zaal open 19.30, aanvang 20.15 uur", "today": "2026-11-20"}
PLACE = {"id": "p", "location": {"name": None, "place": "Goor"}, "title": None}
SAME = {
    "id": "s",
    "source": "a",
    "title": "Orgelconcert",
    "start": "2026-11-28T20:15",
    "location": {"name": "Grote Kerk", "place": "Hengelo"},
}
PILLARS = {
    "id": "t",
    "title": "Concert: het Twents Jeugdorkest",
    "location": {"name": "Kerk", "place": "Goor"},
}
COMMANDS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "when": (WHEN, {"id", "occurrences"}),
    "place": (PLACE, {"id", "municipality", "venue", "because"}),
    "same": (SAME, {"id", "event", "occurrence"}),
    "pillars": (PILLARS, {"id", "event", "culture", "pillars"}),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_lines_come_back_in_order_with_their_fields(name: str, tmp_path: Path) -> None:
    line, fields = COMMANDS[name]
    rows = [{**line, "id": n} if name != "same" else {**line, "id": f"{n}"} for n in (3, 1, 2)]
    file = tmp_path / "in.jsonl"
    file.write_text(jsonl(*rows))
    result = ask("try", name, str(file))
    assert result.exit_code == 0
    assert [a["id"] for a in lines(result)] == [r["id"] for r in rows]
    assert all(fields <= a.keys() for a in lines(result))
    assert result.stderr == ""
    again = ask("try", name, "-", stdin=jsonl(*rows))
    assert again.stdout == result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bad_line_is_told_in_its_place_and_the_others_are_answered(name: str) -> None:
    line, fields = COMMANDS[name]
    bad = [b"no json", b"[1]", b'{"id": "b1"', b"\xff\xfe", b'{"id":' * 5000, b'{"id": NaN}']
    kept = json.dumps(line).encode()
    wrong = [
        {"id": "b2", "title": 5, "text": 5, "location": 5},
        {"id": "b3", "title": "\ud800", "text": "\ud800"},
    ]
    stdin = (
        b"\xef\xbb\xbf"
        + b"\n".join([kept, *bad, b"", *(json.dumps(w).encode() for w in wrong), kept])
        + b"\n"
    )
    result = ask("try", name, "-", stdin=stdin)
    assert result.exit_code == 1
    answers = lines(result)
    assert len(answers) == 10
    assert all(fields <= answers[n].keys() for n in (0, -1))
    for answer in answers[1:-1]:
        assert answer.keys() == {"id", "error"}
        assert answer["error"]
        assert "Trek fails" not in answer["error"]
    assert [a["id"] for a in answers[-3:-1]] == ["b2", "b3"]


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
ANY = VALUES | st.lists(VALUES, max_size=2) | st.dictionaries(st.text(max_size=3), VALUES, max_size=2)
LOCATION = st.dictionaries(
    st.sampled_from(["name", "address", "place", "postcode", "latitude", "longitude"]), ANY
)


@pytest.fixture(scope="module")
def answers() -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
    """What each command does with one line, with its indexes built once."""
    region = LOAD(find_config(None))
    finder, tagger, deduper = PlaceFinder(region), Tagger(region), Deduper(region)
    return {
        "when": answer_when,
        "place": partial(answer_place, finder),
        "same": lambda line: answer_same([line], deduper, finder)[0],
        "pillars": partial(answer_pillars, tagger),
    }


@pytest.mark.parametrize("name", COMMANDS)
@given(data=st.data())
def test_no_field_of_any_kind_breaks_a_command(
    answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]], name: str, data: st.DataObject
) -> None:
    line, fields = COMMANDS[name]
    extra = ["description", "categories", "end", "allDay", "url", "price", "status", "title"]
    spoilt = data.draw(st.dictionaries(st.sampled_from([*line, *extra]), ANY, max_size=3))
    if "location" not in spoilt:
        spoilt["location"] = data.draw(LOCATION)
    try:
        answer = answers[name]({**line, **spoilt})
    except ValueError:
        return  # which the command tells in the line's place
    assert fields <= json.loads(json.dumps(answer)).keys()


def test_when_reads_a_line_and_a_plain_text() -> None:
    (answer,) = lines(ask("try", "when", "-", stdin=jsonl(WHEN)))
    expected = {"start": "2026-11-28T20:15", "end": None, "doors": "19:30", "rrule": None}
    assert answer == {"id": "w", "occurrences": [expected]}
    plain = ask("try", "when", "za 28 nov, 20.15 uur")
    assert plain.exit_code == 0
    assert "=> Saturday 28 November 2026, 20:15" in plain.stdout


def test_place_tells_municipality_outside_and_unknown() -> None:
    rows = [PLACE, {"id": 2, "location": {"place": "Utrecht"}}, {"id": 3, "location": None, "title": "Feest"}]
    assert [a["municipality"] for a in lines(ask("try", "place", "-", stdin=jsonl(*rows)))] == [
        "hof-van-twente",
        "outside",
        None,
    ]


def test_same_joins_what_is_the_same() -> None:
    rows = [
        SAME,
        {**SAME, "id": "s2", "source": "b"},
        {**SAME, "id": "s3", "source": "b", "title": "Pubquiz", "start": "2026-12-01T20:00"},
        {**SAME, "id": "s2", "source": "b"},
    ]
    one, two, other, _ = lines(ask("try", "same", "-", stdin=jsonl(*rows)))
    assert (one["event"], one["occurrence"]) == (two["event"], two["occurrence"])
    assert other["event"] != one["event"]


def test_pillars_say_which_rule_and_why() -> None:
    (answer,) = lines(ask("try", "pillars", "-", stdin=jsonl(PILLARS)))
    assert (answer["event"], answer["culture"]) == (True, True)
    (pillar,) = answer["pillars"]
    assert pillar.keys() == {"pillar", "rule", "because"}
    assert pillar["pillar"] == "muziek"


@pytest.mark.parametrize(
    ("name", "reason"), [("when", "words"), ("place", "because"), ("same", "because"), ("pillars", "pillars")]
)
def test_explain_gives_reasons_beside_the_answer(name: str, reason: str) -> None:
    line, fields = COMMANDS[name]
    rows = [line, {**line, "id": "s2", "source": "b"}] if name == "same" else [line]
    plain = lines(ask("try", name, "-", stdin=jsonl(*rows)))
    told = lines(ask("try", name, "-", "--explain", stdin=jsonl(*rows)))
    assert all(answer[reason] for answer in told)
    assert [{k: a[k] for k in fields} for a in told] == [{k: a[k] for k in fields} for a in plain]


JSON_LD = {
    "@type": "MusicEvent",
    "name": "Café-concert",
    "startDate": "2026-12-05T20:00:00+01:00",
    "location": {"@type": "Place", "name": "Grote Kerk", "address": {"addressLocality": "Hengelo"}},
    "offers": {"price": "12.50", "priceCurrency": "EUR"},
}
HTML = (
    '<html><script type="application/ld+json">' + json.dumps(JSON_LD, ensure_ascii=False) + "</script></html>"
)
RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel>'
    "<title>Agenda</title><item><title>Café-concert</title><link>https://podium.example/1</link>"
    "<ev:startdate>2026-12-05T20:00:00+01:00</ev:startdate></item></channel></rss>"
)
WEEKLY = "\r\n".join(
    "BEGIN:VCALENDAR|VERSION:2.0|PRODID:x|BEGIN:VEVENT|UID:1|DTSTAMP:20261001T000000Z|SUMMARY:Café-concert|"
    "DTSTART;TZID=Europe/Amsterdam:20261010T200000|RRULE:FREQ=WEEKLY|END:VEVENT|END:VCALENDAR|".split("|")
)
TRIBE = json.dumps(
    {
        "events": [
            {
                "id": 7,
                "title": "Café-concert",
                "url": "https://podium.example/event/cafe",
                "start_date": "2026-12-05 20:00:00",
                "end_date": "2026-12-05 22:00:00",
                "timezone": "Europe/Amsterdam",
                "utc_start_date": "2026-12-05 19:00:00",
                "utc_end_date": "2026-12-05 21:00:00",
                "rest_url": "https://podium.example/wp-json/tribe/events/v1/events/7",
            }
        ],
        "rest_url": "https://podium.example/wp-json/tribe/events/v1/events/",
        "total": 1,
        "total_pages": 1,
    }
)
FIELDS = {"title", "start", "end", "allDay", "status", "location", "price", "url", "image", "method"}


@pytest.mark.parametrize(
    ("body", "method"),
    [
        (HTML.encode(), "json-ld"),
        (f"<meta charset=windows-1252>{HTML}".encode("windows-1252"), "json-ld"),
        (RSS.encode(), "rss"),
        (TRIBE.encode(), "platform:tribe"),
        (json.dumps(JSON_LD).encode(), "json-ld"),
    ],
    ids=["html", "windows-1252", "rss", "tribe", "bare json-ld"],
)
def test_a_page_of_any_kind_is_read_from_its_bytes(tmp_path: Path, body: bytes, method: str) -> None:
    file = tmp_path / "page"
    file.write_bytes(body)
    result = ask("try", "page", str(file), "--url", URL, *SEEN)
    assert result.exit_code == 0, result.output
    (line,) = lines(result)
    assert line.keys() >= FIELDS
    assert line["location"].keys() >= {"name", "address", "place", "municipality"}
    assert (line["title"], line["start"], line["allDay"]) == ("Café-concert", "2026-12-05T20:00", False)
    assert (line["method"], line["status"]) == (method, "scheduled")
    again = ask("try", "page", "-", "--url", URL, *SEEN, stdin=body)
    assert again.stdout == result.stdout
    (told,) = lines(ask("try", "page", str(file), "--url", URL, *SEEN, "--explain"))
    assert told["because"]
    assert told["read"]["title"] == "Café-concert"


def test_a_price_and_a_place_are_told(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(HTML)
    (line,) = lines(ask("try", "page", "page.html", "--url", URL, *SEEN))
    assert line["price"] == {"min": 12.5, "max": 12.5, "currency": "EUR", "free": False}
    assert line["location"]["municipality"] == "hengelo"


def test_recurrences_are_expanded_from_seen_to_until_or_400_days_on(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text(WEEKLY, newline="")
    long = lines(ask("try", "page", "a.ics", "--url", URL, *SEEN))
    assert (long[0]["start"], long[-1]["start"]) == (
        "2026-10-10T20:00",
        "2027-11-06T20:00",
    )  # 13 November comes after noon
    assert {line["method"] for line in long} == {"icalendar"}
    short = lines(ask("try", "page", "a.ics", "--url", URL, *SEEN, "--until", "2026-10-24"))
    assert [line["start"] for line in short] == [f"2026-10-{day}T20:00" for day in (10, 17, 24)]
    later = lines(
        ask("try", "page", "a.ics", "--url", URL, "--seen", "2026-10-20T12:00", "--until", "2026-10-24")
    )
    assert [line["start"] for line in later] == ["2026-10-24T20:00"]


def test_single_events_are_given_whatever_their_date(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(HTML.replace("2026-12-05", "2019-12-05"))
    (line,) = lines(ask("try", "page", "page.html", "--url", URL, *SEEN))
    assert line["start"] == "2019-12-05T20:00"


def test_a_calendar_that_is_html_is_named_and_fails(tmp_path: Path) -> None:
    (tmp_path / "agenda.ics").write_text(HTML)
    result = ask("try", "page", "agenda.ics", "--url", URL)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not-a-calendar" in result.stderr
    (tmp_path / "agenda.html").write_text(HTML)
    assert ask("try", "page", "agenda.html", "--url", URL).exit_code == 0


def test_a_page_of_50_mb_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(b"<p>" + b"x" * 50 * 1024 * 1024)
    result = ask("try", "page", "page.html", "--url", URL)
    assert (result.exit_code, result.stdout) == (1, "")
    (told,) = result.stderr.splitlines()
    assert URL in told
    assert "16 MB" in told
    assert "smaller page or a feed" in told


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 99, b"\xff\xd8\xff\xe0" + bytes(range(256)), b"{", b"<", b"%PDF-1.7"]
)
def test_bytes_of_no_kind_are_no_events_and_no_traceback(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "page").write_bytes(body)
    result = ask("try", "page", "page", "--url", URL)
    assert result.stdout == ""
    assert result.exit_code in (0, 1)


def test_score_prints_a_table_and_json_lines(tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    (gold / "real" / "files").mkdir(parents=True)
    right = {"start": "2026-11-28T20:15", "end": None, "doors": "19:30", "rrule": None}
    wrong = {**right, "start": "2026-11-29T20:15"}
    rows = [{**WHEN, "id": n, "expect": [e], "group": "g", "why": ""} for n, e in ((1, right), (2, wrong))]
    (gold / "dates.jsonl").write_text(jsonl(*rows))
    links = "".join(f"<a href='/agenda/{n}-concert'>Concert {n}</a>" for n in range(4))
    (gold / "real" / "files" / "a.html").write_text(f"<html><body>{links}</body></html>")
    entry = {"id": "a", "file": "files/a.html", "format": "html", "recorded_not_after": "2026-11-24"}
    entry |= {"base_url": URL, "expect": {"mode": "links", "count": 4, "events": None}}
    (gold / "real" / "index.json").write_text(json.dumps([entry]))
    figures = {(f["set"], f["group"], f["measure"]): f for f in lines(ask("score", str(gold), "--json"))}
    exact = figures["dates", "g", "exact"]
    assert (exact["right"], exact["total"], exact["share"]) == (1, 2, 0.5)
    assert "2" in exact["misses"][0]
    assert (figures["pages", "html", "file"]["right"], figures["pages", "html", "file"]["total"]) == (1, 1)
    table = ask("score", str(gold)).stdout
    assert "dates" in table
    assert "50.0" in table


@pytest.mark.parametrize("text", ['{"id": 1}', "nothing"])
def test_a_damaged_labelled_set_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "dates.jsonl").write_text(text)
    with pytest.raises(TrekError, match=r"labelled dates cannot be read|dates\.jsonl, line 1: no JSON"):
        ask("score", str(tmp_path))


def test_config_check_and_show() -> None:
    assert "no mistakes" in ask("config", "check").stdout
    assert "municipalities  14" in ask("config", "show").stdout
    assert "Hengelo" in ask("config", "show", "hengelo").stdout


# --- help and its examples -----------------------------------------------------------------------


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


def example(command: Any) -> str:
    return str(command.epilog or "").removeprefix("Example: ")


def test_the_promised_commands_are_there() -> None:
    promised = "try when,try page,try place,try same,try pillars,score,demo,run,crawl,publish,serve,status"
    assert set(promised.split(",")) <= commands().keys()


@pytest.mark.parametrize("words", sorted(commands()))
def test_every_help_has_an_example_that_parses(words: str) -> None:
    result = ask(*words.split(), "--help")
    assert result.exit_code == 0
    shown = example(commands()[words])
    assert "Example: " in result.stdout
    assert f"trek {words}" in shown
    assert parses(shown)


def parses(line: str) -> bool:
    """Whether a command line is one that `trek` takes; raises what it does not take."""
    rest = shlex.split(line.split("|")[-1].strip())[1:]
    command: Any = get_command(trek.app)
    context = Context(command)
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    command.make_context("trek", rest, parent=context)
    return True


def test_every_command_that_reads_offers_explain() -> None:
    reading = [c for words, c in commands().items() if words.startswith("try ")]
    assert len(reading) == 5
    assert all(any("--explain" in p.opts for p in command.params) for command in reading)


def test_the_job_commands_share_their_options() -> None:
    for words in ("demo", "run", "publish", "serve"):
        options = {o for p in commands()[words].params for o in p.opts}
        assert options >= {"--data", "--public", "--database", "--config"}, words
    for words in ("crawl", "status"):
        assert {o for p in commands()[words].params for o in p.opts} >= {"--data", "--database", "--config"}


def test_examples_are_plain_commands() -> None:
    for command in commands().values():
        assert re.fullmatch(r"(echo '[^']+' \| )?trek [^|;&<>$]+", example(command))
