"""What residents and newsrooms do, in a real Chromium, in three languages, by keyboard, without script."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
from PIL import Image

from feeds.words import Words, load_words

pytestmark = pytest.mark.browser
TONGUES = [("nl", ""), ("en", "/en"), ("de", "/de")]
in_each_language = pytest.mark.parametrize(("language", "prefix"), TONGUES)


def titles(page: Any) -> list[str]:
    return [text.strip() for text in page.locator("#answer .row h4 a").all_inner_texts()]


def tab_to(page: Any, selector: str, most: int = 80) -> None:
    """Press Tab until that element has the focus, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"{selector} is not reached with Tab")


def read(watched: Any, address: str) -> list[str]:
    """The titles in a calendar."""
    body = watched.context.request.get(address).body()
    return sorted(str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(body).walk("VEVENT"))


@in_each_language
def test_search_as_you_type_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch() as watched:
        page = watched.open(f"{prefix}/")
        assert not [url for url in watched.asked if url.endswith("index.json")]
        tab_to(page, "#words")
        page.keyboard.type("Eanske")
        page.wait_for_selector("#hits li")
        hits = page.locator("#hits a").all_inner_texts()
        assert "Enschede" in hits
        assert "Poëzieavond" in hits
        page.keyboard.press("Control+A")
        page.keyboard.type("poezie")
        page.wait_for_function("document.querySelectorAll('#hits li').length === 1")
        assert page.locator("#hits-said").inner_text() == words("find.hits", n=1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{prefix}/evenement/e-verplaatst/")
        assert page.get_by_text(words("status.rescheduled"), exact=True).first.is_visible()


@in_each_language
def test_filters_have_an_address_and_feeds_of_their_own(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch() as watched:
        page = watched.open(f"{prefix}/zoek/")
        page.get_by_role("checkbox", name=words("find.free")).check()
        page.wait_for_url("**free=yes*")
        page.get_by_role("combobox", name=words("find.municipality")).select_option("hof-van-twente")
        page.wait_for_url("**municipality=hof-van-twente*")
        page.wait_for_function("!document.getElementById('answer').hasAttribute('aria-busy')")
        assert set(titles(page)) == {"Repair café"}
        shown, head = titles(page), page.locator("link[rel=alternate][type='text/calendar']")
        calendar = head.get_attribute("href")
        assert "free=yes" in calendar
        page.reload()
        assert titles(page) == shown
        assert page.get_by_role("checkbox", name=words("find.free")).is_checked()
        assert head.get_attribute("href") == calendar
        assert set(read(watched, watched.base + calendar)) == {"Repair café"}
        news = page.get_by_role("link", name=f"{words('kind.week')}, RSS").get_attribute("href")
        feed = watched.context.request.get(watched.base + news)
        assert feed.status == 200
        assert b"Repair" in feed.body()
        assert b"Orgelconcert" not in feed.body()


@in_each_language
def test_filters_without_script(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch(java_script_enabled=False) as watched:
        page = watched.open(f"{prefix}/")
        page.get_by_text(words("find.filters")).click()
        page.get_by_role("combobox", name=words("find.pillar")).select_option("muziek")
        page.get_by_role("combobox", name=words("find.when")).select_option("weekend")
        page.get_by_role("button", name=words("find.go")).click()
        page.wait_for_url(f"**{prefix}/zoek/?*")
        assert titles(page) == ["Orgelconcert: Bach & zonen; een avond, \\ drie stemmen", "Jazz in de kelder"]
        assert page.locator(".row.off .status").inner_text().lower() == words("status.cancelled").lower()


@in_each_language
def test_your_municipality_is_remembered(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch() as watched:
        page = watched.open(f"{prefix}/")
        page.get_by_role("combobox", name=words("page.near_pick")).select_option("hof-van-twente")
        page.wait_for_selector("#near-rows .row")
        watched.open(f"{prefix}/gemeente/hengelo/")
        page = watched.open(f"{prefix}/")
        page.wait_for_selector("#near-rows .row")
        assert "Repair café" in page.locator("#near-rows").inner_text()


@in_each_language
def test_make_a_calendar_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch(permissions=["clipboard-read", "clipboard-write"]) as watched:
        page = watched.open(f"{prefix}/maak/")
        tab_to(page, "input[name=municipality][value=hengelo]")
        page.keyboard.press("Space")
        tab_to(page, "input[name=pillar][value=muziek]")
        page.keyboard.press("Space")
        tab_to(page, "input[name=without]")
        page.keyboard.type("jazz")
        page.wait_for_url("**without=jazz*")
        page.wait_for_function("!document.getElementById('answer').hasAttribute('aria-busy')")
        assert "Hengelo" in page.locator("#made").inner_text()
        assert page.locator(".card strong").inner_text() == words.count("make.weekly", 1)
        address = page.locator("#address").input_value()
        assert parse_qs(urlsplit(address).query)["without"] == ["jazz"]
        tab_to(page, "button[data-copy=address]")
        page.keyboard.press("Enter")
        page.get_by_text(words("make.copied")).wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == address
        check_links(page, address)
        summaries = read(watched, address)
        assert any("Orgelconcert" in s for s in summaries)
        assert not any("Jazz" in s or "Repair" in s for s in summaries)
        first = watched.context.request.get(address)
        again = watched.context.request.get(address, headers={"if-none-match": first.headers["etag"]})
        assert again.status == 304


def check_links(page: Any, address: str) -> None:
    """Every button leads to this calendar; Google's to the one that keeps what is cancelled."""
    links = [a.get_attribute("href") for a in page.locator(".buttons a").all()]
    webcal, google, outlook = links
    assert webcal == address.replace("http://", "webcal://")
    asked = parse_qs(urlsplit(google).query)["cid"][0]
    assert asked.startswith("webcal://")
    assert parse_qs(urlsplit(asked).query)["cancelled"] == ["keep"]
    assert parse_qs(urlsplit(outlook).query)["url"] == [address]
    assert page.locator("svg.qr[role=img]").get_attribute("aria-label")


@in_each_language
def test_make_a_calendar_without_script(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch(java_script_enabled=False) as watched:
        page = watched.open(f"{prefix}/maak/")
        page.get_by_label("Hof van Twente").first.check()
        page.get_by_role("checkbox", name=words("find.children")).check()
        page.get_by_role("button", name=words("make.go")).click()
        page.wait_for_url("**children=yes**")
        assert "Repair café" in titles(page)
        assert not page.get_by_role("button", name=words("make.copy")).is_visible()
        assert set(read(watched, page.locator("#address").input_value())) == {"Repair café"}


@in_each_language
def test_event_page_says_what_one_needs(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch() as watched:
        page = watched.open(f"{prefix}/evenement/e-orgel/")
        shown = page.locator("main").inner_text()
        for key in ("when", "where", "price", "tickets", "map", "route"):
            assert words(f"event.{key}") in shown
        page.get_by_text(words("facts.open")).click()
        page.wait_for_function("document.querySelector('.checks').innerText.includes('2026')")
        data = json.loads(page.locator("script[type='application/ld+json']").inner_text())
        assert data["startDate"] == "2026-11-28T20:00+01:00"
        picture = page.locator("meta[property='og:image']").get_attribute("content")
        assert Image.open(io.BytesIO(watched.context.request.get(picture).body())).size == (1200, 630)
        own = page.get_by_role("link", name=words("event.add_one")).get_attribute("href")
        assert len(read(watched, watched.base + own)) == 1
        page.locator(".dates a").first.click()
        page.wait_for_url(f"**{prefix}/dag/2026-11-28/")
        assert "Orgelconcert" in page.locator("main").inner_text()
        page.get_by_role("link", name="Orgelconcert").click()
        page.locator(".checks a").first.click()
        page.wait_for_url(f"**{prefix}/bron/de-spil/")
        assert words("source.taken.full") in page.locator("main").inner_text()


@in_each_language
def test_loud_states_and_every_date_to_add(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch() as watched:
        for uid, key in (("e-af", "status.cancelled"), ("e-oud", "status.over")):
            page = watched.open(f"{prefix}/evenement/{uid}/")
            assert page.locator(".loud").inner_text() == words(key)
        page = watched.open(f"{prefix}/evenement/e-cafe/")
        links = page.locator("a.add").all()
        assert len(links) == 8
        assert len({link.get_attribute("aria-label") for link in links}) == 8
        assert read(watched, watched.base + links[2].get_attribute("href")) == ["Repair café"]
        page = watched.open(f"{prefix}/evenement/e-jonger/")
        assert words("gone.merged_title") in page.locator("h1").inner_text()


@in_each_language
def test_newsroom_puts_a_feed_together_by_keyboard(watch: Any, language: str, prefix: str) -> None:
    words = load_words(language)
    with watch(permissions=["clipboard-read", "clipboard-write"]) as watched:
        page = watched.open(f"{prefix}/media/")
        assert words("media.changed_title") in page.locator("main").inner_text()
        tab_to(page, "input[name=municipality][value=hengelo]")
        page.keyboard.press("Space")
        tab_to(page, "input[name=municipality][value=hof-van-twente]")
        page.keyboard.press("Space")
        page.wait_for_url("**municipality=hof-van-twente*")
        page.wait_for_function("!document.getElementById('answer').hasAttribute('aria-busy')")
        check_feeds(watched, page)
        check_press(page, words)


def check_feeds(watched: Any, page: Any) -> None:
    """The three addresses answer with what was chosen."""
    for number in (1, 2, 3):
        answer = watched.context.request.get(page.locator(f"#a{number}").input_value())
        assert answer.status == 200
        text = answer.body().decode()
        assert "Repair" in text
        assert "Poëzieavond" not in text


def check_press(page: Any, words: Words) -> None:
    """The list is there to copy and to download."""
    listed = page.locator("#list").input_value()
    assert "Repair café" in listed
    page.get_by_role("button", name=words("media.copy_list")).click()
    page.get_by_text(words("make.copied")).wait_for()
    assert page.evaluate("navigator.clipboard.readText()").strip() == listed.strip()
    assert page.locator(".buttonsline a[href$='.docx']").count() == 1


def test_plain_files_never_pass_for_an_answer(watch: Any) -> None:
    """Where only files are served, a filter says that it does nothing."""
    with watch() as watched:
        page = watched.page
        page.route(
            "**/zoek/?*",
            lambda route: route.fulfill(path=None, response=page.request.get(watched.base + "/zoek/")),
        )
        watched.open("/zoek/")
        page.get_by_role("checkbox", name=load_words("nl")("find.free")).check()
        page.get_by_text(load_words("nl")("find.unanswered")).wait_for()


def test_pages_print_without_what_is_for_the_screen(watch: Any) -> None:
    with watch() as watched:
        page = watched.open("/evenement/e-orgel/")
        page.emulate_media(media="print")
        assert not page.locator(".mast nav").is_visible()
        assert not page.locator(".box").is_visible()
        assert page.locator(".dates").first.is_visible()


def test_script_and_program_fold_alike(watch: Any) -> None:
    from feeds.fold import fold

    texts = [
        "Café d'Eänske!",
        "'n Brug",
        "Straße – Ærø",
        "ＦＵＬＬ ﬁ",
        "İstanbul",
        "Ñandú ½",
        "  ",
        "A\u0301",
    ]
    with watch() as watched:
        page = watched.open("/zoek/")
        script = "async texts => { const m = await import('/fold.js'); return texts.map(m.fold) }"
        assert page.evaluate(script, texts) == [fold(text) for text in texts]
