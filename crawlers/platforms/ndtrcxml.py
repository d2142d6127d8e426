"""NDTRC XML (TrcXml 2.x) as the JSON dialect's objects, so that one reader serves both."""

from __future__ import annotations

from typing import Any

import lxml.etree

Element = lxml.etree._Element


def read_records(body: bytes) -> list[dict[str, Any]]:
    """Every `trcitem` of a document; none when it is no XML."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = lxml.etree.fromstring(body.strip(), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    return [_record(item) for item in root.iter("{*}trcitem")]


def _record(item: Element) -> dict[str, Any]:
    record: dict[str, Any] = {str(k): v for k, v in item.attrib.items()}
    calendar = item.find("{*}calendar")
    record["calendar"] = _calendar(calendar) if calendar is not None else None
    record["contactinfo"] = {
        "urls": [{"url": u.get("value"), **_own(u)} for u in item.iterfind("{*}contactinfo/{*}url")]
    }
    types = [{"catid": t.get("catid")} for t in item.iterfind("{*}trcitemcategories/{*}types/{*}type")]
    categories = item.find("{*}trcitemcategories")
    record["trcItemCategories"] = {**(_own(categories) if categories is not None else {}), "types": types}
    record["files"] = [{**_own(f), **_children(f)} for f in item.iterfind("{*}media/{*}file")]
    record["trcItemDetails"] = [
        {**_own(d), **_children(d)} for d in item.iterfind("{*}trcitemdetails/{*}trcitemdetail")
    ]
    record["location"] = _location(item)
    record["priceElements"] = [_price(p) for p in item.iterfind("{*}priceinformation/{*}priceelement")]
    record["performers"] = [{"label": _text(p)} for p in item.iterfind("{*}performers/{*}performer")]
    return record


def _calendar(node: Element) -> dict[str, Any]:
    calendar: dict[str, Any] = dict(_own(node))
    calendar["singleDates"] = [
        {"date": s.get("date"), "when": _whens(s)}
        for s in (*node.iterfind("{*}single"), *node.iterfind("{*}singles/{*}single"))
    ]
    calendar["patternDates"] = [
        {**_own(p), "opens": [{**_own(o), "whens": _whens(o)} for o in p.iterfind(".//{*}open")]}
        for p in node.iter("{*}pattern")
    ]
    for name in ("closed", "soldout", "cancelled"):
        calendar[f"{name}s"] = [_own(e) for e in node.iter(f"{{*}}{name}") if e.get("date")]
    return calendar


def _whens(node: Element) -> list[dict[str, Any]]:
    return [_own(w) for w in node.iterfind(".//{*}when")]


def _location(item: Element) -> dict[str, Any]:
    place = item.find("{*}location")
    if place is None:
        return {}
    physical = place.find("{*}address/{*}physical")
    address: dict[str, Any] = {}
    if physical is not None:
        address = _children(physical)
        address["gisCoordinates"] = [{**_own(g), **_children(g)} for g in physical.iter("{*}giscoordinate")]
    label = place.find("{*}label")
    named = place.find("{*}locationitem")
    return {"label": _text(label), "address": address, "locationItem": {"text": _text(named)}}


def _price(node: Element) -> dict[str, Any]:
    values = node.find("{*}pricevalues")
    said = _children(values) if values is not None else {}
    return {
        **_own(node),
        "priceValue": {"from": said.get("pricefrom"), "until": said.get("priceuntil")},
        "description": (
            node.find("{*}pricedescription") is not None and _text(node.find("{*}pricedescription"))
        )
        or None,
    }


def _own(node: Element) -> dict[str, Any]:
    return {str(k): v for k, v in node.attrib.items()}


def _children(node: Element) -> dict[str, Any]:
    return {lxml.etree.QName(c).localname: _text(c) for c in node if isinstance(c.tag, str)}


def _text(node: Element | None) -> str | None:
    return " ".join("".join(str(t) for t in node.itertext()).split()) or None if node is not None else None
