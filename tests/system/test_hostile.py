"""A page made to break readers costs its own source a round; the sources around it never notice."""

from __future__ import annotations

import json

from aggregator.model import Outcome

ATTRIBUTES = "<p " + " ".join(f"a{n}" for n in range(100_000)) + ">"  # a quarter of a minute of parsing
TAGS = "<ul>" + "<li>1 december 2026" * 250_000  # minutes of looking for what belongs together
SOUND = [{"@type": "Event", "name": f"Koor {n}", "startDate": f"2026-12-{n:02}T20:00"} for n in range(1, 10)]
EVENT = '<html><script type="application/ld+json">%s</script></html>'


def test_a_hostile_page_is_told_and_the_sources_around_it_are_unharmed(site, crawl, write_config) -> None:
    """A list of which one page could not be read is not complete: nothing on that page is taken for gone."""
    sound = EVENT % json.dumps(SOUND)
    pages = {"first": sound, "names": ATTRIBUTES, "between": sound, "tags": TAGS, "last": sound}
    pages["agenda"] = "".join(f"<a href='/agenda/{name}-avond'>{name}</a>" for name in ("goed", "kwaad"))
    pages |= {"agenda/goed-avond": EVENT % json.dumps(SOUND[0]), "agenda/kwaad-avond": ATTRIBUTES}
    site.expect_request("/robots.txt").respond_with_data("", status=404)
    for path, page in pages.items():
        site.expect_request(f"/{path}").respond_with_data(page, content_type="text/html; charset=utf-8")
    names = [path for path in pages if "/" not in path]
    urls = {name: site.url_for(f"/{name}") for name in names}
    sources = [{"id": n, "platform": "auto", "start_urls": [url], "delay": 1} for n, url in urls.items()]
    runs = crawl(write_config(*sources), *names)

    told = {name: (run.outcome, run.complete, run.items) for name, run in runs.items()}
    fine, ended = (Outcome.OK, True, len(SOUND)), (Outcome.UNREADABLE, False, 0)
    hostile = {"names": ended, "tags": ended, "agenda": (Outcome.OK, False, 1)}
    assert told == {"first": fine, "between": fine, "last": fine, **hostile}
    assert "attributes on one tag" in runs["names"].detail
    assert "tags on" in runs["tags"].detail
    assert all(urls[name] in runs[name].detail for name in ("names", "tags"))
    assert all(runs[name].counters["page-too-large"] == 1 for name in hostile)
