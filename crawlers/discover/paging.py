"""How a list goes on, where it does not say so with `rel=next`: a number in the address, or a link."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

from aggregator.region import Paging
from crawlers.discover.paths import own_paths
from crawlers.extract.page import Page
from crawlers.platforms.dom import absolute, find, words
from crawlers.platforms.links import MORE

_COUNTING = re.compile(r"^(?:page|pagina|paged|pg|p|pagenr|pageno|_page|seite)$", re.I)
_ARROW = re.compile(r"^[›»→>]{1,2}$")


def learn_paging(page: Page) -> Paging | None:
    """The parameter that links on the page count with, else the link that says that it leads on."""
    here = urlsplit(page.url)
    counted: Counter[str] = Counter()
    for anchor in find(page.tree, "a[href]"):
        url = absolute(page.url, anchor.get("href"))
        if not url or urlsplit(url).netloc != here.netloc:
            continue
        if urlsplit(url).path.rstrip("/") == here.path.rstrip("/"):
            counted.update(k for k, v in parse_qsl(urlsplit(url).query) if _COUNTING.match(k) and v.isdigit())
    if counted:
        name = counted.most_common(1)[0][0]
        return Paging(parameter=name, first=_first(page, name))
    return _link(page)


def _first(page: Page, name: str) -> int:
    """0 where a link counts page 1 as the one after the first: the page itself has no number then."""
    numbers = set()
    for anchor in find(page.tree, "a[href]"):
        query = dict(parse_qsl(urlsplit(absolute(page.url, anchor.get("href")) or "").query))
        if query.get(name, "").isdigit():
            numbers.add((int(query[name]), words(anchor)))
    return 0 if any(number == 1 and said == "2" for number, said in numbers) else 1


def _link(page: Page) -> Paging | None:
    for anchor in find(page.tree, "a[href]"):
        url = absolute(page.url, anchor.get("href"))
        said = words(anchor) or (anchor.get("aria-label") or anchor.get("title") or "").strip()
        if not url or url == page.url or not (MORE.match(said) or _ARROW.match(said)):
            continue
        for path in own_paths(anchor):
            if path != "a" and [absolute(page.url, a.get("href")) for a in find(page.tree, path)][:1] == [
                url
            ]:
                return Paging(next=path)
    return None
