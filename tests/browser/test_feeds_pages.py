"""The pages in a real Chromium: quiet, nothing from elsewhere, axe clean, light, steady; and valid HTML."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from feeds.venue.link import sign_key
from tests.browser.conftest import NOON, SECRET

pytestmark = pytest.mark.browser
VNU = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
KINDS = {
    "home": "/",
    "municipality": "/gemeente/hengelo/",
    "empty": "/gemeente/enschede/createch/",
    "pillar": "/pijler/muziek/",
    "venue": "/podium/de-spil/",
    "event": "/evenement/e-orgel/",
    "cancelled": "/evenement/e-af/",
    "many dates": "/evenement/e-cafe/",
    "exhibition": "/evenement/e-expo/",
    "past": "/evenement/e-oud/",
    "withdrawn": "/evenement/e-weg/",
    "merged": "/evenement/e-jonger/",
    "day": "/dag/2026-11-28/",
    "past day": "/dag/2026-11-20/",
    "search": "/zoek/",
    "view": "/zoek/?municipality=hengelo&when=week&words=orgel",
    "wrong": "/zoek/?municipality=atlantis",
    "maker": "/maak/",
    "made": "/maak/?municipality=hengelo&pillar=muziek&exhibitions=no&venue=de-spil&genre=jazz",
    "media": "/media/",
    "own feed": "/media/?municipality=hengelo&kind=changed",
    "source": "/bron/de-spil/",
    "feeds": "/feeds/",
    "check": "/podium/de-spil/controle/",
    "figures": "/zicht/",
    "council": "/raad/",
    "try": "/probeer/",
    "form": f"/podium/de-spil/wijzig/?key={sign_key('de-spil', NOON + timedelta(days=9), SECRET)}",
    "refused": "/podium/de-spil/wijzig/?key=1.x",
    "not found": "/404.html",
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FEW = ("home", "event", "view", "made", "media", "feeds", "try", "form")
WRONG = ("400 (Bad Request)", "403 (Forbidden)")  # what Chromium says of pages for wrong addresses
RUNS = [("", tuple(KINDS)), ("/en", FEW), ("/de", FEW)]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
LOOK = """options => axe.run(document, {resultTypes: ['violations'], ...options}).then(found => [
    found.passes.length, found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`)])"""


def faults(page: Any, scheme: str) -> list[str]:
    """What axe finds on a page in light (all rules) or dark (colours); it must have looked at something."""
    page.emulate_media(color_scheme=scheme)
    rules = {"type": "tag", "values": TAGS} if scheme == "light" else ["color-contrast"]
    passed, found = page.evaluate(LOOK, {"runOnly": rules})
    assert passed or found
    return [f"{scheme} {fault}" for fault in found]


@pytest.mark.parametrize(("prefix", "kinds"), RUNS)
def test_pages_are_quiet_own_and_accessible(watch: Any, prefix: str, kinds: tuple[str, ...]) -> None:
    with watch(bypass_csp=True) as watched:
        for kind in kinds:
            page = watched.open(prefix + KINDS[kind])
            page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
            page.evaluate(AXE)
            assert (kind, faults(page, "light") + faults(page, "dark")) == (kind, [])
        watched.said = [line for line in watched.said if not any(code in line for code in WRONG)]


def test_axe_sees_a_fault(watch: Any) -> None:
    with watch(bypass_csp=True) as watched:
        page = watched.open("/404.html")
        page.evaluate(AXE)
        page.evaluate("document.querySelector('h1').style.color = '#eee'")
        assert len(faults(page, "light")) == 1


def test_nothing_sticks_out_sideways_and_the_policy_forbids_nothing(watch: Any) -> None:
    with watch() as watched:
        for kind, path in KINDS.items():
            page = watched.open(path)
            for width in (320, 390, 1200):
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{kind} is {wide} wide at {width}"
        watched.said = [line for line in watched.said if not any(code in line for code in WRONG)]


def test_html_is_valid_by_the_nu_checker(published: tuple[Path, str], watch: Any, tmp_path: Path) -> None:
    if shutil.which("java") is None or not VNU.is_file():
        pytest.skip("needs Java and `npm ci --prefix tests/browser`")
    pages = []
    with watch() as watched:
        for number, path in enumerate(p + k for p in ("", "/en", "/de") for k in KINDS.values()):
            page = tmp_path / f"{number}.html"
            page.write_bytes(watched.context.request.get(watched.base + path).body())
            pages.append(str(page))
        for prefix in ("", "/en", "/de"):
            page = tmp_path / f"tried{prefix[1:]}.html"
            mine = {"X-Forwarded-For": "198.51.100.1"}
            form = {"url": "https://podium.example/"}
            answer = watched.context.request.post(f"{watched.base}{prefix}/probeer/", form=form, headers=mine)
            page.write_bytes(answer.body())
            pages.append(str(page))
    assert len(pages) == 3 * len(KINDS) + 3
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><title>x</title><p><ul></ul></p>", "utf-8")
    command = ["java", "-Xshare:auto", "-jar", str(VNU), "--format", "gnu"]
    told = subprocess.run([*command, *pages, str(broken)], capture_output=True, text=True, check=False)
    lines = told.stderr.splitlines()
    assert any("broken.html" in line for line in lines), "the checker sees no fault at all"
    assert [line for line in lines if "broken.html" not in line] == []


def test_pages_are_light(watch: Any) -> None:
    for path, most in (("/", 150_000), ("/evenement/e-orgel/", 60_000)):
        with watch() as watched:
            sizes: list[int] = []
            watched.page.on("response", lambda answer, kept=sizes: kept.append(_wire(answer)))
            watched.open(path)
            watched.page.wait_for_load_state("networkidle")
            assert len(sizes) >= 4
            assert sum(sizes) < most
            assert not [url for url in watched.asked if "index.json" in url]


def _wire(answer: Any) -> int:
    """Bytes of one answer as they were sent, headers too."""
    sizes = answer.request.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


PAINT = """() => new Promise(done => {
    let shift = 0, paint = 0;
    const watch = (type, take) =>
        new PerformanceObserver(list => list.getEntries().forEach(take)).observe({type, buffered: true});
    watch('layout-shift', e => { if (!e.hadRecentInput) shift += e.value });
    watch('largest-contentful-paint', e => { paint = e.startTime });
    setTimeout(() => done([paint, shift]), 300);
})"""
PHONE = {
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 90_000,
}  # 1.6 Mbit/s, as Lighthouse


@pytest.mark.parametrize("path", ["/", "/evenement/e-orgel/", "/maak/?municipality=hengelo"])
def test_nothing_moves_while_a_page_comes_in_slowly(watch: Any, path: str) -> None:
    """Layout does not depend on the machine's load; the time of the largest paint is in tests/bench."""
    with watch(viewport={"width": 390, "height": 844}) as watched:
        session = watched.context.new_cdp_session(watched.page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, **PHONE})
        watched.open(path)
        paint, shift = watched.page.evaluate(PAINT)
        assert paint > 0
        assert shift < 0.05


SHOWN = """[...document.querySelectorAll("item > title, entry > title, item > link, entry > id")]
    .filter(e => getComputedStyle(e).display !== "none").map(e => e.textContent)"""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/feeds/region/week.rss", "Dit is een feed"),
        ("/feeds/region/week.atom", "Dit is een feed"),
        ("/en/feeds/hengelo/new.rss", "This is a feed"),
        ("/de/feeds/hengelo/new.atom", "Das ist ein Feed"),
    ],
)
def test_a_feed_in_a_browser_explains_itself(watch: Any, path: str, words: str) -> None:
    with watch() as watched:
        answer = watched.page.goto(watched.base + path)
        assert answer.headers["content-type"].startswith("application/xml")
        said = watched.page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        shown = watched.page.evaluate(SHOWN)
    assert words in said
    assert any("Orgelconcert" in title for title in shown)
    assert not [title for title in shown if title.startswith(("http", "urn:"))]
