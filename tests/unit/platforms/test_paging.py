"""Where a list goes on, without a word in the source's file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extract.page import Page
from crawlers.platforms import read_any

SEEN = datetime(2026, 10, 9, 10, tzinfo=UTC)
LIST = "".join(
    f'<li><h3><a href="/a/{n}">Avond {n}</a></h3><p>{n} mei 2027, 20.15 uur</p></li>' for n in (1, 2, 3)
)
ONWARD = [
    ('<a rel="next" href="/agenda?page=2">2</a>', "?page=2"),
    ('<a href="/agenda?page=2">Volgende</a>', "?page=2"),
    ('<a class="btn" href="/agenda/2">Toon meer voorstellingen</a>', "/2"),
    ('<button data-url="/agenda?page=2">Meer laden</button>', "?page=2"),
    ('<button data-next-url="/agenda?offset=3">Load more</button>', "?offset=3"),
    ('<a href="https://elders.example/agenda">Volgende</a>', None),
    ('<a href="/over-ons">Meer informatie</a>', None),
    ("<button>Meer laden</button>", None),
]


@pytest.mark.parametrize(("more", "wanted"), ONWARD, ids=[more for more, _ in ONWARD])
def test_next(more: str, wanted: str | None) -> None:
    body = f"<html><body><h1>Agenda</h1><ul>{LIST}</ul>{more}</body></html>"
    reading = read_any(Page("https://huis.example/agenda", body.encode(), seen=SEEN))
    assert len(reading.events) == 3
    assert reading.next == ((f"https://huis.example/agenda{wanted}",) if wanted else ())


def test_an_empty_list_goes_nowhere() -> None:
    onward = "<a href='/agenda?page=2'>Volgende</a>"
    body = f"<html><body><h1>Agenda</h1><p>Geen activiteiten.</p>{onward}</body></html>"
    assert read_any(Page("https://huis.example/agenda", body.encode(), seen=SEEN)).next == ()
