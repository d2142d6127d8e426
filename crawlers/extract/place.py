"""schema.org `location` and `offers` as RawPlace and RawOffers, in every shape that sites give them."""

from __future__ import annotations

from aggregator.model import RawOffer, RawPlace
from crawlers.extract.values import LABEL, Node, clean_text, get_all, get_text, get_url, scalar, types_of

_MOST_OFFERS = 50
_NOWHERE, _NO_OFFER = RawPlace(), RawOffer()


def read_place(values: list[object]) -> RawPlace | None:
    """The first physical place among the values of `location`; an online one only when alone."""
    online = None
    words: list[str] = []
    for value in values[:20]:
        if isinstance(value, dict) and "@value" not in value:
            if "VirtualLocation" in types_of(value):
                online = online or RawPlace(name="Online")
            elif place := place_of(value):
                return place
        elif text := clean_text(scalar(value)):
            words.append(text)
    physical = [w for w in words if not w.lower().startswith(("http://", "https://"))]
    if physical:
        return RawPlace(name=", ".join(dict.fromkeys(physical)))
    return online or (RawPlace(name="Online") if words else None)


def place_of(node: Node) -> RawPlace | None:
    """A Place (or an organisation that stands where a place should) with its address and point."""
    address = _address_of(node)
    geo = next((v for v in get_all(node, "geo") if isinstance(v, dict)), node)
    inside = next((v for v in get_all(node, "containedInPlace", "containedIn") if isinstance(v, dict)), None)
    if inside is not None and not (address["address"] or address["place"] or address["postcode"]):
        address = _address_of(inside)
        address["address"] = address["address"] or get_text(inside, "name")
    place = RawPlace(
        name=get_text(node, "name", "legalName", LABEL),
        latitude=get_text(geo, "latitude") or get_text(node, "latitude"),
        longitude=get_text(geo, "longitude") or get_text(node, "longitude"),
        **address,
    )
    return None if place == _NOWHERE else place


def _address_of(node: Node) -> dict[str, str | None]:
    """The address of a place: a string, a PostalAddress, or its parts written on the place itself."""
    values = get_all(node, "address")
    parts = next((v for v in values if isinstance(v, dict) and "@value" not in v), None)
    text = next((t for v in values if (t := clean_text(scalar(v)))), None)
    source = parts if parts is not None else node
    street = ", ".join(t for v in get_all(source, "streetAddress") if (t := clean_text(scalar(v)))) or None
    country = next(iter(get_all(source, "addressCountry")), None)
    return {
        "address": street or text or (get_text(parts, "name") if parts is not None else None),
        "place": get_text(source, "addressLocality"),
        "postcode": get_text(source, "postalCode"),
        "country": get_text(country, "name") if isinstance(country, dict) else clean_text(scalar(country)),
    }


def read_offers(node: Node, base: str) -> tuple[RawOffer, ...]:
    """The offers of an event: one, a list, an AggregateOffer with or without its parts, or a sentence."""
    found: list[RawOffer] = []
    queue = list(get_all(node, "offers", "offer"))
    while queue and len(found) < _MOST_OFFERS:
        value = queue.pop(0)
        if isinstance(value, list):
            queue[:0] = value[:_MOST_OFFERS]
        elif isinstance(value, dict) and "@value" not in value:
            inner = get_all(value, "offers")[:_MOST_OFFERS]
            offer = _offer_of(value, base)
            if offer != _NO_OFFER:
                found.append(offer)
            queue[:0] = inner if offer.low is None and offer.price is None else []
        elif text := clean_text(scalar(value)):
            found.append(RawOffer(text=text))
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def _offer_of(node: Node, base: str) -> RawOffer:
    """One offer; the price may stand in a PriceSpecification."""
    spec = next((v for v in get_all(node, "priceSpecification") if isinstance(v, dict)), {})
    return RawOffer(
        price=get_text(node, "price") or get_text(spec, "price"),
        low=get_text(node, "lowPrice") or get_text(spec, "minPrice"),
        high=get_text(node, "highPrice") or get_text(spec, "maxPrice"),
        currency=get_text(node, "priceCurrency") or get_text(spec, "priceCurrency"),
        availability=get_text(node, "availability"),
        url=get_url(node, base, "url"),
    )
