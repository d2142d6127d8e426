"""What venues do, in a real Chromium, by keyboard, in three languages: try a page, say what is wrong, show
their agenda on a site of their own; and what a newsroom and a resident do with all fields of their forms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_httpserver import HTTPServer

from feeds.venue.link import sign_key
from feeds.words import load_words
from tests.browser import conftest as app
from tests.browser.test_feeds_pages import AXE, faults
from tests.browser.test_front_journeys import in_each_language, tab_to

pytestmark = pytest.mark.browser
KEY = sign_key("de-spil", app.NOON + timedelta(days=9), app.SECRET)
PAGE = "https://podium.example/agenda"


def visitor(number: int) -> dict[str, str]:
    """Headers of somebody with an address of their own: turns are counted by it."""
    return {"X-Forwarded-For": f"203.0.113.{number}"}


@in_each_language
def test_a_page_is_tried_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    words, more = load_words(language), {"permissions": ["clipboard-read", "clipboard-write"]}
    with watch(bypass_csp=True, extra_http_headers=visitor(len(language + prefix)), **more) as watched:
        page = watched.open(f"{prefix}/")
        page.get_by_role("link", name=words("page.trial")).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{prefix}/probeer/")
        tab_to(page, "input[name=url]")
        page.keyboard.type("podium.example/agenda")
        page.keyboard.press("Enter")
        page.wait_for_selector("#read-head")
        shown = page.locator("main").inner_text()
        assert app.asked[-1] == (PAGE, None, "")
        for key in ("trial.method.layout", "reject.unreadable-date", "venue.fix.structured"):
            assert words(key) in shown
        tab_to(page, "button[data-copy=jsonld]")
        page.keyboard.press("Enter")
        page.get_by_text(words("make.copied")).wait_for()
        assert "schema.org" in page.evaluate("navigator.clipboard.readText()")
        page.evaluate(AXE)
        assert faults(page, "light") + faults(page, "dark") == []
        for width in (320, 1200):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_file_is_tried_without_a_script(watch: Any) -> None:
    with watch(java_script_enabled=False, extra_http_headers=visitor(40)) as watched:
        page = watched.open("/probeer/")
        file = {"name": "agenda.ics", "mimeType": "text/calendar", "buffer": b"BEGIN:VCALENDAR"}
        page.locator("input[type=file]").set_input_files(files=[file])
        page.get_by_role("button", name=load_words("nl")("trial.go")).click()
        page.wait_for_selector("#read-head")
        assert app.asked[-1] == ("", b"BEGIN:VCALENDAR", "text/calendar")
        page.locator("button.link").click()  # one of the pages that it names
        page.wait_for_selector("#read-head")
        assert app.asked[-1][0] == f"{PAGE}/1"


@in_each_language
def test_a_venue_says_what_is_wrong_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    app.sent.clear()
    with watch(extra_http_headers=visitor(50)) as watched:
        page = watched.open(f"{prefix}/podium/de-spil/wijzig/?key={KEY}")
        tab_to(page, "select[name=event]")
        page.keyboard.type("Orgel")
        tab_to(page, "select[name=field]")
        page.keyboard.type(words("field.price"))
        tab_to(page, "textarea[name=after]")
        page.keyboard.type("12 euro")
        tab_to(page, "button[value=propose]")
        page.keyboard.press("Enter")
        page.get_by_text(words("wrong.done"), exact=True).wait_for()
        (told,) = app.sent
        assert (told.uid, told.field, told.after) == ("e-orgel", "price", "12 euro")
        assert "12" in told.before
        for value, key in (("leave", "wrong.done_leave"), ("return", "wrong.done_return")):
            tab_to(page, f"button[value={value}]")
            page.keyboard.press("Enter")
            page.get_by_text(words(key), exact=True).wait_for()
            assert ("de-spil" in app.left) == (value == "leave")


BAD = {
    "forged": KEY[:-1] + ("0" if KEY[-1] != "0" else "1"),
    "expired": sign_key("de-spil", app.NOON, app.SECRET),
    "of another venue": sign_key("ketelhal", app.NOON + timedelta(days=9), app.SECRET),
}


@in_each_language
def test_a_link_that_is_not_theirs_shows_no_form(watch: Any, language: str, prefix: str) -> None:
    with watch() as watched:
        for key in BAD.values():
            page = watched.open(f"{prefix}/podium/de-spil/wijzig/?key={key}")
            assert page.locator("h1").inner_text() == load_words(language)("wrong.refused")
            assert page.locator("main form").count() == 0
        assert len(watched.said) == len(BAD)  # Chromium tells of each 403
        watched.said.clear()


STYLE = "trek-agenda { --trek-ink: rgb(1, 2, 3) } trek-agenda::part(title) { font-weight: 900 }"
LOOK = """element => {
    const root = element.shadowRoot, link = root.querySelector("a"), style = getComputedStyle(link);
    return [style.color, style.fontWeight, root.querySelectorAll("li").length, link.textContent];
}"""


@pytest.fixture
def host() -> Any:
    """Another site, on a port of its own."""
    with HTTPServer(host="127.0.0.1") as server:
        yield server


@in_each_language
def test_the_widget_on_another_site(watch: Any, host: HTTPServer, language: str, prefix: str) -> None:
    base = f"http://127.0.0.1:{host.port}"
    with watch(hosts=(base,)) as watched:
        page = watched.open(f"{prefix}/podium/de-spil/controle/")
        body = f"<!doctype html><html lang=x><link rel=icon href='data:,'><style>{STYLE}</style>"
        body += page.locator("#snippet").input_value()
        host.expect_request("/").respond_with_data(body, content_type="text/html")
        watched.asked.clear()
        page.goto(f"{base}/")
        page.wait_for_function("document.querySelector('trek-agenda').shadowRoot?.querySelector('li')")
        colour, weight, rows, first = page.locator("trek-agenda").evaluate(LOOK)
        assert (colour, weight) == ("rgb(1, 2, 3)", "900")  # the host's
        assert rows > 2
        assert first
        assert {url.split("?")[0] for url in watched.asked} == {
            f"{base}/",
            f"{watched.base}/widget.js",
            f"{watched.base}/feeds.json",
        }
        assert watched.context.cookies() == []
        page.locator("trek-agenda li a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{prefix}/evenement/**")


def test_the_widget_without_a_script_is_a_link(watch: Any, host: HTTPServer) -> None:
    with watch(hosts=(f"http://127.0.0.1:{host.port}",), java_script_enabled=False) as watched:
        page = watched.open("/podium/de-spil/")
        page.locator("details.more summary").click()
        snippet = page.locator("#snippet").input_value()
        host.expect_request("/").respond_with_data(
            f"<link rel=icon href='data:,'>{snippet}", content_type="text/html"
        )
        page.goto(f"http://127.0.0.1:{host.port}/")
        page.locator("trek-agenda a").click()
        page.wait_for_url("**/podium/de-spil/")


@in_each_language
def test_every_field_of_the_composer_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch() as watched:
        page = watched.open(f"{prefix}/media/")
        tab_to(page, "input[name=pillar][value=muziek]")
        page.keyboard.press("Space")
        tab_to(page, "select[name=kind]")
        page.keyboard.type(words("kind.week"))
        tab_to(page, "select[name=days]")
        page.keyboard.type(words.count("media.days", 31))
        tab_to(page, "form button[type=submit]")
        page.keyboard.press("Enter")
        page.wait_for_url("**days=31**")
        page.wait_for_function("document.querySelector('#a1').value.includes('days=31')")
        asked = parse_qs(urlsplit(page.locator("#a3").input_value()).query)
        assert (asked["pillar"], asked["kind"], asked["days"]) == (["muziek"], ["week"], ["31"])
        tab_to(page, ".buttonsline a[href$='.docx']")
        feed = watched.context.request.get(page.locator("#a3").input_value())
        assert feed.json()["language"] == language
        assert len(feed.json()["items"]) >= 2


@in_each_language
def test_every_part_of_the_maker_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    """What is folded opens with the keyboard too, and the signs are asked for."""
    words = load_words(language)
    with watch() as watched:
        page = watched.open(f"{prefix}/maak/")
        tab_to(page, "form summary")
        page.keyboard.press("Enter")
        tab_to(page, "input[name=venue][value=de-spil]")
        page.keyboard.press("Space")
        page.wait_for_url("**venue=de-spil*")
        tab_to(page, "input[name=outdoors]")
        page.keyboard.press("Space")
        page.wait_for_url("**outdoors=yes*")
        page.wait_for_function("!document.getElementById('answer').hasAttribute('aria-busy')")
        assert words("choice.outdoors") in page.locator("#made").inner_text()
        assert parse_qs(urlsplit(page.locator("#address").input_value()).query)["outdoors"] == ["yes"]
        tab_to(page, "#answer summary")
        page.keyboard.press("Enter")
        assert page.locator("svg.qr").is_visible()


@in_each_language
def test_a_venue_reads_its_check_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch() as watched:
        page = watched.open(f"{prefix}/podium/de-spil/")
        tab_to(page, "a[href$='/controle/']", most=120)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{prefix}/podium/de-spil/controle/")
        assert page.locator("meter").is_visible()
        tab_to(page, "article summary")
        page.keyboard.press("Enter")
        assert page.locator("article details[open] ul.plain").is_visible()
        atom = page.get_by_role("link", name=words("venue.feed", name="De Spil")).get_attribute("href")
        feed = watched.context.request.get(atom)
        assert feed.headers["content-type"].startswith("application/atom+xml")
        week = page.get_by_role("link", name=words("venue.digest_link")).get_attribute("href")
        assert "De Spil" in watched.context.request.get(watched.base + week).text()
        tab_to(page, "a[href$='/probeer/']", most=200)


@in_each_language
def test_the_region_in_figures_is_read_and_taken_along(watch: Any, language: str, prefix: str) -> None:
    with watch() as watched:
        page = watched.open(f"{prefix}/")
        tab_to(page, f"a[href='{prefix}/zicht/']", most=200)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{prefix}/zicht/")
        assert page.locator("svg[role=img]").count() >= 2
        assert page.locator("table.figures").count() >= 3
        kinds = set()
        for link in page.locator("a[download]").all():
            answer = watched.context.request.get(watched.base + link.get_attribute("href"))
            kinds.add(answer.headers["content-type"].partition(";")[0])
            assert answer.status == 200
            assert len(answer.body()) > 100
        assert kinds == {"text/csv", "image/svg+xml", "image/png"}


@in_each_language
def test_a_municipality_has_its_own_words_and_colour(watch: Any, language: str, prefix: str) -> None:
    colour = "element => getComputedStyle(element).color"
    with watch() as watched:
        for path, own in (("/gemeente/hengelo/", True), ("/gemeente/enschede/", False)):
            page = watched.open(prefix + path)
            for scheme, seen in (("light", "rgb(138, 31, 75)"), ("dark", "rgb(242, 163, 192)")):
                page.emulate_media(color_scheme=scheme)
                assert (page.locator("h1").evaluate(colour) == seen) == own
            assert page.locator(".ownwords", has_text="Zes molens").count() == own
