"""What names a listing at its source: the source's own id, else its canonical URL, else page and title."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from aggregator.model import RawEvent
from aggregator.normalise.text import slug

# Query parameters that say who sent the visitor, or hold a session: never part of what is shown.
_TRACKING = re.compile(
    r"^(?:utm_.*|mtm_.*|pk_.*|hsa_.*|_?ga|_gl|_hs.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|yclid|igshid|"
    r"mc_[ce]id|mkt_tok|oly_.*_id|vero_.*|ref_src|phpsessid|jsessionid|aspsessionid.*|sessionid|sid|cfid|cftoken|"
    r"trackid|cmpid|campaignid)$",
    re.IGNORECASE,
)
_PAGING = re.compile(
    r"^(?:p|pg|page|paged|pagina|pagenumber|pnumber|offset|start|limit|p\d+_page)$", re.IGNORECASE
)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


def canonical_url(url: str | None) -> str | None:
    """An http(s) address in one spelling: sorted query, no tracking, no fragment; None when it is none."""
    if not url or not re.match(r"https?://[^/?#\s]", url.strip(), re.IGNORECASE):
        return None
    try:
        parts = urlsplit(_SESSION_PATH.sub("", url.strip()))
        query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
        host = (
            parts.netloc.lower().rsplit("@", 1)[-1].removesuffix(":80" if parts.scheme == "http" else ":443")
        )
        if not host:
            return None
        return str(
            canonicalize_url(urlunsplit((parts.scheme.lower(), host, parts.path, urlencode(query), "")))
        )
    except ValueError:
        return None


def public_url(url: str | None) -> str | None:
    """An http(s) address as the source writes it, without tracking; None when it is none.

    What residents open must be what the site gave: only `canonical_url` may respell it, to compare.
    """
    if canonical_url(url) is None or url is None:
        return None
    plain = safe_url_string(url.strip())
    parts = urlsplit(plain)
    pairs = [p for p in parts.query.split("&") if p and not _TRACKING.match(p.split("=", 1)[0])]
    return urlunsplit(parts._replace(query="&".join(pairs)))


def url_key(url: str | None) -> str | None:
    """The canonical URL without what changes while the page stays: scheme, `www.`, closing slash."""
    plain = canonical_url(url)
    if plain is None:
        return None
    rest = plain.split("://", 1)[1].removeprefix("www.")
    path, mark, query = rest.partition("?")
    return path.rstrip("/") + mark + query


def page_key(page_url: str) -> str:
    """The list page without its page number: an event that moves from page 2 to 1 stays the same."""
    plain = canonical_url(page_url)
    if plain is None:
        return page_url
    parts = urlsplit(plain)
    query = urlencode(
        [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _PAGING.match(k)]
    )
    path = re.sub(r"/page/\d+/?$", "/", parts.path)
    return url_key(urlunsplit((parts.scheme, parts.netloc, path, query, ""))) or page_url


def listing_key(raw: RawEvent, title: str, lists: frozenset[str] = frozenset()) -> tuple[str, bool]:
    """The key of a listing, and whether it is weak.

    `lists` are the `url_key`s of addresses known to be lists: such an address names no event. A weak
    key is made of the page and the title, so a corrected title makes a new listing; it says `#title`.
    """
    if raw.source_key and raw.source_key.strip():
        return raw.source_key.strip()[:500], False
    own = url_key(raw.url)
    if own and own not in lists:
        return own, False
    if raw.url and "#" in raw.url and own:  # a list whose entries have an anchor each
        anchor = raw.url.split("#", 1)[1].strip()
        if re.search(r"\d", anchor):
            return f"{own}#{anchor[:200]}", False
    return f"{page_key(raw.page_url)}#{slug(title)}", True
