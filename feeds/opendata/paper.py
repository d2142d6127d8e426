"""What describes the data: dictionary for people, JSON Schema for programs, DCAT-AP for catalogues."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from feeds.card import Voice
from feeds.opendata.fields import FIELDS, SUBEVENT, TOMBSTONE, Field
from feeds.opendata.record import SCHEMA, utc

KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "url": {"type": "string", "format": "uri"},
    "moment": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$"},
    "number": {"type": "number"},
    "truth": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
}
THEME = "http://publications.europa.eu/resource/authority/data-theme/EDUC"  # education, culture and sport
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
TONGUES = {"nl": "NLD", "en": "ENG", "de": "DEU"}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _object(fields: Iterable[Field]) -> dict[str, Any]:
    """A JSON Schema of fields; a dotted path is an object within."""
    top: dict[str, Any] = {"type": "object", "properties": {}}
    for field in fields:
        node, parts = top, field.path.split(".")
        for name in parts[:-1]:
            node = node["properties"].setdefault(name, {"type": "object", "properties": {}})
        node["properties"][parts[-1]] = KINDS[field.kind] | {"description": field.text}
        if field.always and len(parts) == 1:
            node.setdefault("required", []).append(parts[-1])
    return top


def record_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a line of the data: an event, or that one is gone."""
    event = _object(FIELDS)
    performer = event["properties"]["performer"]
    event["properties"]["performer"] = {"type": "array", "items": {"type": "object"} | performer}
    names = performer["properties"]["name"]
    performer["properties"]["name"] = {"type": "string", "description": names["description"]}
    event["properties"]["subEvent"] = {"type": "array", "items": _object(SUBEVENT)}
    event["required"] += ["location", "subEvent"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Event",
        "oneOf": [event | {"not": {"required": ["removed"]}}, _object(TOMBSTONE)],
    }


def render_schema() -> bytes:
    """The JSON Schema as a file."""
    return _json(record_schema())


def render_dictionary(voice: Voice) -> bytes:
    """The data dictionary, Markdown."""
    info, urls = voice.info, voice.urls
    parts = [
        f"# {voice.site_title()}: open data",
        f"Questions: {info.contact}. Terms: {licence_text(voice)}",
        "## Files",
        f"- [{urls.absolute('/data/events.ndjson')}]({urls.absolute('/data/events.ndjson')}): "
        "one event per line, schema.org JSON-LD",
        f"- [{urls.absolute('/data/events.csv')}]({urls.absolute('/data/events.csv')}): "
        "one date per row (RFC 4180, UTF-8); lists are joined by `|`",
        f"- [{urls.absolute('/data/pillars.csv')}]({urls.absolute('/data/pillars.csv')}): "
        "how many events each municipality has in each of the coming months, in all, by pillar (an event of "
        "two counts for both) and without any; the last line of each is the whole time, in which an event "
        "counts once",
        f"- {urls.absolute('/data/changes')}`?since=2026-11-20T06:30:00Z`: what changed from that moment on, "
        "removed events too, in the form of events.ndjson. Ask next with the newest `dateModified` that "
        "you have seen; a line that comes twice says the same.",
        "## Event",
        _table(FIELDS),
        "## Each date of an event (`subEvent`)",
        _table(SUBEVENT),
        "## A removed event (in changes alone)",
        _table(TOMBSTONE),
        "A cancelled event is not removed: its `eventStatus` says so.",
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _table(fields: Iterable[Field]) -> str:
    rows = [f"| `{f.path}` | {f.kind} | {'yes' if f.always else ''} | {f.text} |" for f in fields]
    return "\n".join(["| field | type | always | meaning |", "|---|---|---|---|", *rows])


def licence_text(voice: Voice) -> str:
    """What may be done with the data."""
    known = voice.info.licence
    facts = f"the facts under {known}" if known else "no licence is given; ask first"
    notes = "".join(f" {note}." for note in voice.info.attribution)
    return f"{facts}. Descriptions and images stay their makers', as `creditText` and `isBasedOn` say.{notes}"


def render_catalogue(voice: Voice, modified: datetime) -> bytes:
    """The dataset by DCAT-AP 3, JSON-LD; `modified` is the newest change of the data."""
    info, urls = voice.info, voice.urls
    home = urls.absolute(urls.home(voice.language))
    names = [{"@value": info.text(info.title, t), "@language": t} for t in info.languages]
    texts = [{"@value": info.text(info.description, t), "@language": t} for t in info.languages]
    publisher = {"@id": f"{home}#publisher", "@type": "foaf:Agent", "foaf:name": voice.site_title()}
    dataset = {
        "@id": urls.absolute("/data/catalog.jsonld#dataset"),
        "@type": "dcat:Dataset",
        "dct:title": names,
        "dct:description": texts,
        "dct:identifier": urls.absolute("/data/events.ndjson"),
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:contactPoint": {"@type": "vcard:Kind", "vcard:hasEmail": {"@id": f"mailto:{info.contact}"}},
        "dcat:theme": {"@id": THEME},
        "dcat:keyword": [info.pillar(p, voice.language) for p in info.pillars],
        "dct:accrualPeriodicity": {"@id": FREQUENCY},
        "dct:modified": {"@value": utc(modified), "@type": "xsd:dateTime"},
        "dct:language": [{"@id": _tongue(t)} for t in info.languages if t in TONGUES],
        "dct:conformsTo": {"@id": SCHEMA},
        "dcat:landingPage": {"@id": home},
        "foaf:page": {"@id": urls.absolute("/data/dictionary.md")},
        "dcat:distribution": [
            _distribution(voice, "events.ndjson", "application/x-ndjson", "JSON_LD"),
            _distribution(voice, "events.csv", "text/csv", "CSV"),
            _distribution(voice, "pillars.csv", "text/csv", "CSV"),
        ],
    }
    catalogue = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": urls.absolute("/data/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": names,
        "dct:description": texts,
        "dct:publisher": publisher,
        "foaf:homepage": {"@id": home},
        "dcat:dataset": [dataset],
    }
    return _json(catalogue)


def _tongue(language: str) -> str:
    return f"http://publications.europa.eu/resource/authority/language/{TONGUES[language]}"


def _distribution(voice: Voice, name: str, media: str, kind: str) -> dict[str, Any]:
    url = voice.urls.absolute(f"/data/{name}")
    found: dict[str, Any] = {
        "@id": f"{url}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:accessURL": {"@id": url},
        "dcat:downloadURL": {"@id": url},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dct:format": {"@id": FILE_TYPE + kind},
    }
    if voice.info.licence:
        found["dct:license"] = {"@id": voice.info.licence}
    return found
