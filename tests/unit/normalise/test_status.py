"""Status codes and words."""

import pytest

from aggregator.model import Status
from aggregator.normalise.status import decisive, parse_status, read_notice, split_status

CODES = [
    ("https://schema.org/EventCancelled", Status.CANCELLED),
    ("http://schema.org/EventRescheduled", Status.RESCHEDULED),
    ("EventPostponed", Status.POSTPONED),
    ("EventMovedOnline", Status.MOVED_ONLINE),
    ("EventScheduled", Status.SCHEDULED),
    ("http://schema.org/SoldOut", Status.SOLD_OUT),
    ("InStock", Status.SCHEDULED),
    ("CONFIRMED", Status.SCHEDULED),
    ("CANCELLED", Status.CANCELLED),
    ("status-uitverkocht", Status.SOLD_OUT),
    ("wachtlijst", Status.SOLD_OUT),
    ("verzet", Status.RESCHEDULED),
]
WORDS = [
    ("Uitverkocht", Status.SOLD_OUT),
    ("nagenoeg uitverkocht", None),
    ("bijna uitverkocht!", None),
    ("nog niet uitverkocht", None),
    ("laatste kaarten", None),
    ("geen webverkoop", None),
    ("gaat helaas niet door", Status.CANCELLED),
    ("geannuleerd, was uitverkocht", Status.CANCELLED),
    ("niet afgelast", None),
    ("verplaatst naar 3 maart", Status.RESCHEDULED),
    ("verplaatst naar de Grote Zaal", None),
    ("uitgesteld tot nader bericht", Status.POSTPONED),
    ("abgesagt", Status.CANCELLED),
    ("", None),
]
TITLES = [
    ("UITVERKOCHT: Jan Jansen", "Jan Jansen", Status.SOLD_OUT),
    ("GEANNULEERD - Zomeravond", "Zomeravond", Status.CANCELLED),
    ("[AFGELAST] Zomeravond", "Zomeravond", Status.CANCELLED),
    ("AFGELAST Zomeravond", "Zomeravond", Status.CANCELLED),
    ("Zomeravond (uitverkocht)", "Zomeravond", Status.SOLD_OUT),
    ("Zomeravond *** SOLD OUT ***", "Zomeravond", Status.SOLD_OUT),
    ("Zomeravond – verschoben", "Zomeravond", Status.RESCHEDULED),
    ("Nagenoeg uitverkocht: Zomeravond", "Zomeravond", None),
    ("Verplaatst naar 3 oktober: Zomeravond", "Zomeravond", Status.RESCHEDULED),
    ("Zomeravond | verplaatst naar de kleine zaal", "Zomeravond", None),
    ("Uitverkocht!", "Uitverkocht!", None),  # the name of a show
    ("Verzet in Twente", "Verzet in Twente", None),  # resistance, not a new date
    ("Zomeravond - extra voorstelling", "Zomeravond - extra voorstelling", None),
    ("GEEN KERMIS", "GEEN KERMIS", None),
    ("Geen kermis dit jaar", "Geen kermis dit jaar", Status.CANCELLED),
    ("Geen woorden maar daden", "Geen woorden maar daden", None),
]


@pytest.mark.parametrize(("text", "status"), CODES + WORDS)
def test_parse_status(text: str, status: Status | None) -> None:
    assert parse_status(text) is status


@pytest.mark.parametrize(("title", "rest", "status"), TITLES)
def test_split_status(title: str, rest: str, status: Status | None) -> None:
    assert split_status(title)[:2] == (rest, status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Let op: deze voorstelling is helaas geannuleerd. Geld terug volgt.", Status.CANCELLED),
        ("Het concert gaat niet door.", Status.CANCELLED),
        ("Deze voorstelling is verplaatst naar de grote zaal.", None),
        ("Deze voorstelling is verplaatst naar 12 mei.", Status.RESCHEDULED),
        ("Vorig jaar waren drie voorstellingen uitverkocht.", None),
        (None, None),
    ],
)
def test_read_notice(text: str | None, status: Status | None) -> None:
    assert read_notice(text)[0] is status


def test_decisive_puts_cancelled_first() -> None:
    assert decisive([Status.SOLD_OUT, Status.CANCELLED, Status.SCHEDULED]) is Status.CANCELLED
    assert decisive([]) is Status.SCHEDULED
