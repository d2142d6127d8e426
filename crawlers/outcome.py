"""Classifies what went wrong with a request, in words that an operator can act on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from aggregator.clock import wall
from aggregator.errors import AddressRefusedError
from aggregator.model import Outcome
from crawlers import resolver
from crawlers.address import check_address
from crawlers.middleware import RefusedError

if TYPE_CHECKING:
    from scrapy.http import Response

LONGEST_WAIT = 7 * 24 * 3600  # seconds; who asks for more gets no visit for a week, and is told to a person


def classify_error(error: BaseException, url: str) -> tuple[Outcome, str]:
    """Outcome and one line for a person, from what a request raised."""
    host = urlsplit(url).hostname or url
    text = str(error) or type(error).__name__
    if isinstance(error, RefusedError):
        return Outcome(error.code), error.detail
    if host in resolver.refused:
        return Outcome.REFUSED_ADDRESS, resolver.refused[host]
    if isinstance(error, CannotResolveHostError):
        return Outcome.DNS, f"{host} is not found (DNS); check the address or the network"
    if isinstance(error, DownloadTimeoutError):
        return Outcome.UNREACHABLE, f"{url} did not answer in time"
    if isinstance(error, DownloadConnectionRefusedError):
        return Outcome.UNREACHABLE, f"{host} refuses the connection; the site is down or has moved"
    if isinstance(error, DownloadCancelledError):
        return Outcome.TOO_LARGE, f"{url} is larger than what Trek reads; name a smaller page or feed"
    if any(word in text.lower() for word in ("certificate", "ssl", "tls")):
        return Outcome.TLS, f"{host} has no valid certificate ({text[:120]})"
    if isinstance(error, IgnoreRequest) and "redirect" in text:
        return Outcome.UNREACHABLE, f"{url} redirects without end; put the final address in start_urls"
    if isinstance(error, IgnoreRequest) and "offsite" in text:
        return Outcome.UNREACHABLE, f"{url} leads to another site; put the new address in start_urls"
    return Outcome.UNREACHABLE, f"{url} could not be read ({text[:160]})"


def classify_status(status: int, url: str) -> tuple[Outcome, str] | None:
    """Outcome and one line for an HTTP status; None when the answer can be used."""
    if status in (404, 410):
        return Outcome.NOT_FOUND, f"{url} does not exist any more ({status}); look for the new agenda page"
    if status == 429:
        return Outcome.BLOCKED, f"{url} asks us to come less often (429); it is left alone for a while"
    if status in (401, 403, 407, 451):
        return Outcome.BLOCKED, f"{url} refuses us ({status}); ask the site, never work around it"
    if status >= 500:
        return Outcome.SERVER_ERROR, f"{url} answers {status}; the site is broken, nothing was read"
    if status >= 300:
        return Outcome.UNREADABLE, f"{url} answers {status}, which is no page"
    return None


def read_patience(response: Response) -> int:
    """Seconds for which a site that is overloaded or limits us asks not to be visited; 0 when it does not.

    Retry-After (RFC 9110 §10.2.3) is a number or a date, which counts from the answer's own Date.
    """
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if response.status not in (429, 503) or not said:
        return 0
    if said.isdecimal():
        return min(int(said[:9]), LONGEST_WAIT)
    until = _http_date(said)
    now = _http_date((response.headers.get("Date") or b"").decode("latin-1")) or wall()
    return min(max(0, int((until - now).total_seconds())), LONGEST_WAIT) if until else 0


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def classify_loss(
    asked: str, led_to: str, domains: Collection[str], allowed: Collection[str]
) -> tuple[Outcome, str]:
    """Outcome and one line for a page that never came, from where it was led to."""
    try:
        check_address(led_to, allowed)
    except AddressRefusedError as error:
        return Outcome.REFUSED_ADDRESS, f"{asked} leads to {error}"
    host = urlsplit(led_to).hostname or ""
    if not any(host == domain or host.endswith(f".{domain}") for domain in domains):
        return Outcome.UNREACHABLE, f"{asked} leads to {led_to}; put the new address in start_urls"
    if led_to != asked:
        return Outcome.UNREACHABLE, f"{asked} redirects in a circle; put the final address in start_urls"
    return Outcome.UNREACHABLE, f"{asked} was not read"
