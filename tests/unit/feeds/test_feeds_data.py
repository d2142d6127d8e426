"""Open data: everything, by its own dictionary and schema, with removals; and its questions to the app."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from aggregator.journal import merged
from aggregator.model import Edit, Event
from feeds.opendata.fields import COLUMNS, FIELDS, SUBEVENT, TOMBSTONE, Field
from feeds.opendata.files import changes, data_files
from feeds.opendata.paper import record_schema
from feeds.pieces import Pieces
from feeds.select import Agenda
from feeds.web import create_app
from tests.unit.feeds.feeds_world import INFO, SEEN, TODAY, Reader, voice, world, world_edits

SITE = replace(INFO, licence="https://licence.example/")


def files(events: list[Event] | None = None) -> dict[str, bytes]:
    agenda = Agenda(world() if events is None else events, SITE, TODAY)
    return {n: render() for n, render, _ in data_files(agenda, voice("nl", SITE), Pieces())}


def records(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.decode().splitlines()]


def paths(value: Any, before: str = "") -> Iterator[str]:
    """Every path of a record that the dictionary should know."""
    for key, inner in value.items():
        path = f"{before}{key}"
        for part in inner if isinstance(inner, list) else [inner]:
            if isinstance(part, Mapping):
                yield from paths(part, f"{path}.")
            elif not key.startswith("@"):
                yield path


def complaints(value: Any, schema: Mapping[str, Any]) -> list[str]:
    """What a value breaks of the part of JSON Schema that ours uses."""
    if "oneOf" in schema:
        fits = [s for s in schema["oneOf"] if not complaints(value, s)]
        return [] if len(fits) == 1 else [f"fits {len(fits)}"]
    if "not" in schema and all(k in value for k in schema["not"]["required"]):
        return ["is what it must not be"]
    kinds: dict[str, Any] = {
        "string": str,
        "number": (int, float),
        "boolean": bool,
        "object": dict,
        "array": list,
    }
    if not isinstance(value, kinds[schema["type"]]):
        return [f"{value!r} is no {schema['type']}"]
    found = [f"no {name}" for name in schema.get("required", ()) if name not in value]
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{value!r} against {schema['pattern']}")
    for name, part in schema.get("properties", {}).items():
        if name in value:
            found += [f"{name}: {c}" for c in complaints(value[name], part)]
    for item in value if schema["type"] == "array" else ():
        found += complaints(item, schema["items"])
    return found


def test_every_public_event_is_there_the_past_ones_too_and_no_other() -> None:
    found = records(files()["data/events.ndjson"])
    hidden = {"e-weg", "e-prive", "e-buiten"}
    assert [r["identifier"] for r in found] == sorted(e.uid for e in world() if e.uid not in hidden)
    assert "Bruiloft" not in files()["data/events.csv"].decode()


def test_records_are_by_the_dictionary_and_the_schema() -> None:
    known = {f.path for f in FIELDS} | {f"subEvent.{f.path}" for f in SUBEVENT}
    found = records(files()["data/events.ndjson"])
    said = {path for record in found for path in paths(record)}
    assert said <= known
    never = known - said - {"image", "creditText", "inLanguage", "offers.highPrice"}
    never -= {"additionalType", "typicalAgeRange"}  # of labelled events: test_feeds_labels
    assert never == set()
    for record in found:
        assert complaints(record, record_schema()) == []
    assert complaints({"identifier": "e"}, record_schema()) != []


def test_one_record_in_full() -> None:
    orgel = next(r for r in records(files()["data/events.ndjson"]) if r["identifier"] == "e-orgel")
    assert orgel["@context"] == "https://schema.org"
    assert orgel["location"]["address"]["addressRegion"] == "hengelo"
    assert orgel["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 52.2658, "longitude": 6.7931}
    assert orgel["offers"] == {
        "@type": "Offer",
        "price": 12.5,
        "priceCurrency": "EUR",
        "url": "https://kaarten.example/orgel?x=1&y=2",
    }
    (sub,) = orgel["subEvent"]
    assert (sub["startDate"], sub["endDate"], sub["doorTime"]) == (
        "2026-11-28T20:00+01:00",
        "2026-11-28T22:30+01:00",
        "2026-11-28T19:30+01:00",
    )
    assert sub["eventStatus"] == "https://schema.org/EventScheduled"
    until = next(r for r in records(files()["data/events.ndjson"]) if r["identifier"] == "e-tm")
    assert until["subEvent"][0]["endDate"] == "2026-12-12"
    assert "startDate" not in until["subEvent"][0]


def test_the_table_has_a_row_per_date_in_the_columns_of_the_dictionary() -> None:
    table = csv.DictReader(io.StringIO(files()["data/events.csv"].decode(), newline=""))
    rows = list(table)
    assert tuple(table.fieldnames or ()) == COLUMNS
    found = records(files()["data/events.ndjson"])
    assert len(rows) == sum(len(r["subEvent"]) for r in found)
    assert {r["subEvent.identifier"] for r in rows} == {s["identifier"] for r in found for s in r["subEvent"]}
    orgel = next(r for r in rows if r["identifier"] == "e-orgel")
    assert orgel["performer.name"] == "Anna Example|Koor <Example>"
    assert orgel["name"] == "Orgelconcert: Bach & zonen; een avond, \\ drie stemmen"


def test_dictionary_names_every_field_and_the_terms() -> None:
    text = files()["data/dictionary.md"].decode()
    for field in (*FIELDS, *SUBEVENT, *TOMBSTONE):
        assert isinstance(field, Field)
        assert f"| `{field.path}` | {field.kind} |" in text
    assert "https://licence.example/" in text
    assert "Plaatsen: CBS, CC BY 4.0." in text


def test_the_catalogue_is_what_dcat_ap_asks() -> None:
    found = json.loads(files()["data/catalog.jsonld"])
    assert found["@type"] == "dcat:Catalog"
    assert {"dct:title", "dct:description", "dct:publisher", "dcat:dataset"} <= found.keys()
    (dataset,) = found["dcat:dataset"]
    assert {"dct:title", "dct:description", "dcat:theme", "dcat:contactPoint"} <= dataset.keys()
    assert dataset["dct:modified"]["@value"] == "2026-11-23T06:30:00Z"
    for part in dataset["dcat:distribution"]:
        assert part["dcat:downloadURL"]["@id"].removeprefix("https://agenda.example/") in files()
        assert part["dct:license"] == {"@id": "https://licence.example/"}


def test_bytes_are_stable_and_follow_the_data() -> None:
    assert files() == files()
    other = files([replace(e, title="Anders") if e.uid == "e-cafe" else e for e in world()])
    assert {n for n, data in files().items() if data != other[n]} == {"data/events.ndjson", "data/events.csv"}


def answer(events: list[Event], edits: list[Edit], since: datetime) -> list[dict[str, Any]]:
    reader = Reader(events, 1, edits)
    agenda = Agenda(events, SITE, TODAY)
    return records(changes(agenda, reader.edits(since), reader.event, since, voice("nl", SITE)))


def test_changes_since_hold_what_changed_and_what_went() -> None:
    since = SEEN + timedelta(days=1)
    later = since + timedelta(hours=5)
    edits = [
        *world_edits(),
        Edit("e-weg", later, "hidden", None, "withdrawn"),
        Edit("e-prive", later, "hidden", None, "private"),
        *merged(replace(world()[0], uid="e-jonger"), "e-samen", later),
        Edit("e-kort", later, "event", None, "Kort"),
        Edit("e-kort", later, "hidden", None, "private"),
    ]
    found = answer(world(), edits, since)
    assert [r["identifier"] for r in found if not r.get("removed")] == ["e-af", "e-verplaatst"]
    gone = {r["identifier"]: r for r in found if r.get("removed")}
    assert {uid: r["reason"] for uid, r in gone.items()} == {
        "e-weg": "withdrawn",
        "e-prive": "hidden",
        "e-jonger": "merged",
    }
    assert gone["e-jonger"]["supersededBy"] == "e-samen"
    for record in found:
        assert complaints(record, record_schema()) == []
        assert record["dateModified"] >= "2026-11-21T06:30:00Z"
    assert not [r for r in answer(world(), edits, later + timedelta(seconds=1)) if r.get("removed")]


def test_a_copy_kept_by_changes_equals_the_whole() -> None:
    """Someone who loads once and then asks for changes has what the file has."""
    first = world()
    kept = {r["identifier"]: r for r in records(files(first)["data/events.ndjson"])}
    at = SEEN + timedelta(days=9)
    second = [
        replace(e, title="Anders", modified=at)
        if e.uid == "e-cafe"
        else replace(e, hidden="withdrawn", modified=at)
        if e.uid == "e-orgel"
        else e
        for e in first
    ]
    edits = [
        Edit("e-orgel", at, "hidden", None, "withdrawn"),
        Edit("e-cafe", at, "title", "Repair café", "Anders"),
    ]
    for record in answer(second, edits, at):
        if record.get("removed"):
            kept.pop(record["identifier"], None)
        else:
            kept[record["identifier"]] = record
    assert list(kept.values()) == records(files(second)["data/events.ndjson"])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Litestar]]:
    public = tmp_path_factory.mktemp("data")

    def now() -> datetime:
        return datetime(2026, 11, 24, 11, tzinfo=UTC)

    with TestClient(create_app(public, lambda: Reader(world()), SITE, now)) as found:
        yield found


@pytest.mark.parametrize("since", ["2026-11-21T06:30:00Z", "2026-11-21T07:30:00%2B01:00", "2026-11-21"])
def test_the_app_answers_what_changed(client: TestClient[Litestar], since: str) -> None:
    got = client.get(f"/data/changes?since={since}")
    assert got.status_code == 200
    assert got.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    assert [r["identifier"] for r in records(got.content)] == ["e-af", "e-verplaatst"]
    again = client.get(f"/data/changes?since={since}", headers={"if-none-match": got.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/data/changes", "no moment"),
        ("/data/changes?since=gisteren", "no moment"),
        ("/data/changes?since=12", "no moment"),
        ("/data/changes?since=2026-11-21&since=2026-11-22", "twice"),
        ("/data/changes?sinds=2026-11-21", "unknown key"),
        ("/pers.txt", "from is missing"),
        ("/pers.txt?from=2026-12-02&to=2026-12-01", "no such range"),
        ("/pers.txt?from=2026-01-01&to=2026-12-01", "no such range"),
        ("/pers.txt?from=2026-12-01&to=2026-12-41", "no day"),
        ("/pers.csv?from=2026-12-01&to=2026-12-02&municipality=nergens", "unknown municipality"),
        ("/pers.docx?from=2026-12-01&to=2026-12-02&language=fr", "unknown language"),
        ("/pers.txt?from=2036-12-01&to=2036-12-02", "no days of the agenda"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(client: TestClient[Litestar], path: str, words: str) -> None:
    got = client.get(path)
    assert got.status_code == 400
    assert words in got.text
    assert got.headers["content-type"].startswith("text/plain")


def test_the_app_makes_a_press_list_of_any_days(client: TestClient[Litestar]) -> None:
    asked = "from=2026-12-01&to=2026-12-05&municipality=enschede"
    text = client.get(f"/pers.txt?{asked}")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert "WOENSDAG 2 DECEMBER\n20.00-22.00 uur: Poëzieavond" in text.text
    assert client.get(f"/pers.csv?{asked}&language=en").text.startswith("\ufeffday;time;title")
    word = client.get(f"/pers.docx?{asked}")
    assert word.content.startswith(b"PK")
    assert word.headers["content-type"].endswith("wordprocessingml.document")
