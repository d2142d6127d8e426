"""The proxies' files beside the app: the same policy for pages, and every address of the app goes to it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from feeds.press.files import RENDER
from feeds.static import POLICY
from feeds.urls import FORMATS, REGION, Urls
from feeds.venue.booth import MOST_BODY
from feeds.words import LANGUAGES

OPS = Path(__file__).parents[3] / "ops"
FILES = {name: (OPS / name).read_text("utf-8") for name in ("Caddyfile", "nginx.conf")}
URLS = Urls("https://agenda.example", LANGUAGES[0])


def app_addresses() -> list[str]:
    """The path of each address that the app answers and no file does."""
    found = ["/agenda.ics", "/data/changes", *(f"/pers.{kind}" for kind in RENDER)]
    found += [URLS.news(form, ()).partition("?")[0] for form in FORMATS]
    for language in LANGUAGES:
        found += [page(language) for page in (URLS.find, URLS.make, URLS.media, URLS.trial)]
        found += [
            page(language, "de-spil") for page in (URLS.check, URLS.check_feed, URLS.check_digest, URLS.wrong)
        ]
    return found


def file_addresses() -> list[str]:
    """Paths of files, which the proxy serves itself."""
    found = ["/widget.js", "/data/events.csv", "/agenda/region.ics", "/feeds/region/new.json"]
    for language in LANGUAGES:
        found += [page(language) for page in (URLS.home, URLS.follow, URLS.sight, URLS.not_found)]
        found += [URLS.listing(language, REGION), URLS.event(language, "e1"), URLS.day(language, date.max)]
        found += [f"{URLS.home(language)}podium/de-spil/"]
    return found


@pytest.mark.parametrize("name", FILES)
def test_what_the_app_answers_goes_to_the_app_and_files_do_not(name: str) -> None:
    (found,) = re.findall(r'(?:path_regexp app |location ~ ")(\^/\(agenda[^\s"]+)', FILES[name])
    route = re.compile(found)
    assert [path for path in app_addresses() if not route.search(path)] == []
    assert [path for path in file_addresses() if route.search(path)] == []


@pytest.mark.parametrize("name", FILES)
def test_pages_have_the_policy_of_the_app(name: str) -> None:
    assert re.findall(r'Content-Security-Policy "([^"]+)"', FILES[name]) == [POLICY]


def test_a_file_that_is_tried_passes_the_proxy() -> None:
    sizes = re.findall(r"(?:max_size|client_max_body_size) (\d+)[mM]", "\n".join(FILES.values()))
    assert len(sizes) == 2
    assert min(map(int, sizes)) * 1000**2 > MOST_BODY


def test_scripts_and_fonts_have_a_type_in_nginx() -> None:
    for suffix in ("js", "woff2", "png", "csv", "docx", "ndjson", "ico"):
        assert re.search(rf"^\s+[\w./+-]+\s.*\b{suffix}\b.*;$", FILES["nginx.conf"], re.MULTILINE)
