"""Genres, ages and other labels in calendars, feeds, data and pages, in the reader's language, and why."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from aggregator.model import Event, Tag, Timed
from feeds.card import age_range, categories, kind_url
from feeds.formats.ical import render_vevent
from feeds.opendata.record import record_of
from feeds.select import all_showings
from feeds.site.event import render_event
from feeds.site.jsonld import render_jsonld
from feeds.site.why import Why, build_why
from tests.unit.feeds.feeds_world import INFO, TODAY, at, event, occurrence, voice

REASONS = {
    "workshop-genre": {"nl": "Genre: Workshop", "en": "Genre: Workshop", "de": "Genre: Workshop"},
    "free-entry": {"nl": "Het kost niets", "en": "It costs nothing", "de": "Es kostet nichts"},
    "ages": {"nl": "De leeftijd staat erbij", "en": "The age is stated", "de": "Das Alter ist angegeben"},
}
LABELS = {
    "workshop": {"nl": "Workshop", "en": "Workshop", "de": "Workshop"},
    "free": {"nl": "Gratis", "en": "Free", "de": "Kostenlos"},
}
SITE = replace(
    INFO,
    labels=LABELS,
    reasons=REASONS,
    kinds={"workshop": "EducationEvent"},
    codes={"workshop": ("2.3.15",)},
)
EVENT = event(
    "e-lab",
    "Robots",
    occurrence("o-lab", Timed(at(28))),
    pillars=(Tag("createch", "tech-making", "“Robots”"),),
    tags=(
        Tag("free", "free-entry", "“gratis”"),
        Tag("ages-8-12", "ages", "“8 tot 12 jaar”"),
        Tag("workshop", "workshop-genre", "“workshop”"),
        Tag("no-name-for-this", "x", "x"),
    ),
)
NAMES = {
    "nl": ["CREATECH", "Workshop", "Gratis", "8 t/m 12 jaar", "Hengelo"],
    "en": ["CREATECH", "Workshop", "Free", "ages 8 to 12", "Hengelo"],
    "de": ["CREATECH", "Workshop", "Kostenlos", "8 bis 12 Jahre", "Hengelo"],
}


@pytest.mark.parametrize("language", NAMES)
def test_categories_have_names_in_the_language(language: str) -> None:
    found = categories(EVENT, voice(language, SITE))
    assert [name for _, name in found] == NAMES[language]
    assert [label for label, _ in found] == ["createch", "workshop", "free", "ages-8-12", "hengelo"]


def test_calendars_name_them() -> None:
    (showing,) = all_showings(EVENT)
    data = render_vevent(showing, voice("de", SITE)).replace(b"\r\n ", b"").decode()
    assert f"CATEGORIES:{','.join(NAMES['de'])}\r\n" in data


def test_data_has_kind_codes_and_ages() -> None:
    record = record_of(EVENT, voice("nl", SITE))
    assert record["additionalType"] == "https://schema.org/EducationEvent"
    assert record["typicalAgeRange"] == "8-12"
    assert record["keywords"] == ["createch", "workshop", "free", "ages-8-12", "ndtrc:2.3.15"]
    page: dict[str, Any] = json.loads(render_jsonld(EVENT, voice("nl", SITE)))
    assert (page["additionalType"], page["typicalAgeRange"]) == ("https://schema.org/EducationEvent", "8-12")


@pytest.mark.parametrize(
    ("labels", "ages", "kind"),
    [
        ((), None, None),
        (("ages-4-up",), "4-", None),
        (("workshop",), None, "https://schema.org/EducationEvent"),
    ],
)
def test_what_is_not_known_is_left_out(labels: tuple[str, ...], ages: str | None, kind: str | None) -> None:
    one: Event = replace(EVENT, tags=tuple(Tag(label, "r", "w") for label in labels))
    assert (age_range(one), kind_url(one, SITE)) == (ages, kind)


@pytest.mark.parametrize("language", NAMES)
def test_the_page_tells_labels_and_why(language: str) -> None:
    own = voice(language, SITE)
    assert build_why(EVENT, own)[2] == Why(NAMES[language][2], REASONS["free-entry"][language], "“gratis”")
    page = render_event(EVENT, own, TODAY).decode()
    assert ", ".join(NAMES[language][1:4]) in page
    assert REASONS["ages"][language] in page
    assert own.words("event.labels_why") in page


def test_a_page_without_labels_has_no_heading_for_them() -> None:
    bare = replace(EVENT, tags=(), pillars=())
    page = render_event(bare, voice("nl", SITE), TODAY).decode()
    assert voice("nl").words("event.labels") not in page
    assert voice("nl").words("event.labels_why") not in page
