"""What a list says of each page that it leads to, so that a page is not fetched that it says is as it was."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from lxml.html import HtmlElement
from w3lib.url import canonicalize_url

from crawlers.extract.page import Page, Reading
from crawlers.platforms.dateish import holds_date
from crawlers.platforms.dom import absolute, find, words

LONGEST = 4000  # characters of an entry; what is longer is the page, not an entry of its list
_STATE = re.compile(
    r"status|sold|uitverk|wacht|geannul|afgelast|cancel|verplaatst|moved|vol\b|laatste|gone|past|label", re.I
)


def read_marks(page: Page, reading: Reading) -> Mapping[str, str]:
    """For each page to follow what the list says of it, as a mark: equal marks mean that it said the same.

    A sitemap says when a page last changed. A list in HTML says it by its entry, if that holds a date:
    an entry without one may stay as it is when its event moves. Pages of which nothing is said are left out.
    """
    if reading.marks or not reading.follow or page.body.lstrip()[:1] != b"<":
        return reading.marks
    wanted = {canonicalize_url(url): url for url in reading.follow}
    links = [(a, url) for a in find(page.tree, "a[href]") if (url := _target(page, a)) in wanted]
    leads = _leads(links)
    entries: dict[str, dict[HtmlElement, None]] = {}
    for link, url in links:
        entries.setdefault(url, {})[_entry(link, leads)] = None
    said = {url: [_said(entry) for entry in found] for url, found in entries.items()}
    return {wanted[url]: _mark(texts) for url, texts in said.items() if any(map(holds_date, texts))}


def _target(page: Page, link: HtmlElement) -> str:
    url = absolute(page.url, link.get("href"))
    return canonicalize_url(url) if url else ""


def _leads(links: list[tuple[HtmlElement, str]]) -> dict[HtmlElement, str]:
    """For each element around links the one page that they lead to, or "" for several."""
    leads: dict[HtmlElement, str] = {}
    for link, url in links:
        node: HtmlElement | None = link
        while node is not None:
            known = leads.get(node, url)
            if known == "":
                break  # whatever is around it leads to several too
            leads[node] = url if known == url else ""
            node = node.getparent()
    return leads


def _entry(link: HtmlElement, leads: Mapping[HtmlElement, str]) -> HtmlElement:
    """The largest element around a link whose links lead to no other page of the list."""
    entry = link
    while (around := entry.getparent()) is not None and around.tag not in ("body", "html") and leads[around]:
        entry = around
    return entry


def _said(entry: HtmlElement) -> str:
    """The words of an entry, and what its classes say of a state ("status-uitverkocht")."""
    text = words(entry)
    if len(text) > LONGEST:
        return ""
    classes = {c for node in entry.iter() for c in (node.get("class") or "").split() if _STATE.search(c)}
    return " ".join([text, *sorted(classes)])


def _mark(texts: list[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
