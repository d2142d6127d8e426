"""The data dictionary: each field of the open data, once, for the schema, the table and the reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its path (schema.org names), its type, what it means.

    `kind` is text, url, moment (W3CDTF), number, truth, or list (of text); `column` whether the
    table has it too; `always` whether every record has it.
    """

    path: str
    kind: str
    text: str
    column: bool = True
    always: bool = False


FIELDS = (
    Field("identifier", "text", "Permanent name of the event; survives new titles and dates.", always=True),
    Field("sameAs", "list", "Former identifiers, of events that turned out to be this one.", column=False),
    Field("name", "text", "Title.", always=True),
    Field("alternateName", "text", "Subtitle."),
    Field("description", "text", "The source's own text, as far as its rights allow.", column=False),
    Field("url", "url", "The event's page.", always=True),
    Field("isBasedOn", "list", "Pages of the sources, the most trusted first."),
    Field("image", "url", "Address of an image that its source allows to be shown.", column=False),
    Field("creditText", "text", "To be printed with the image.", column=False),
    Field("additionalType", "url", "Type of schema.org of its first genre."),
    Field("keywords", "list", "Pillars and labels (ids), `ndtrc:` codes, the sources' own categories."),
    Field("typicalAgeRange", "text", "For which ages, where a source says so: `8-12`, `8-`."),
    Field("inLanguage", "text", "Language of the event (BCP 47)."),
    Field("organizer.name", "text", "Who organises it."),
    Field("performer.name", "list", "Who performs."),
    Field("location.name", "text", "Venue or place."),
    Field("location.hall", "text", "Hall within the venue; our own addition to schema.org."),
    Field("location.identifier", "text", "The venue's id, where it is a known one."),
    Field("location.address.streetAddress", "text", "Street and number."),
    Field("location.address.postalCode", "text", "Postcode."),
    Field("location.address.addressLocality", "text", "Village or town."),
    Field("location.address.addressRegion", "text", "Municipality (id).", always=True),
    Field("location.geo.latitude", "number", "WGS 84, six digits."),
    Field("location.geo.longitude", "number", "WGS 84, six digits."),
    Field("isAccessibleForFree", "truth", "Whether entry is free, where a source says so."),
    Field("offers.price", "number", "Lowest price."),
    Field("offers.highPrice", "number", "Highest price, where it differs."),
    Field("offers.priceCurrency", "text", "ISO 4217."),
    Field("offers.url", "url", "Where tickets are sold."),
    Field("dateCreated", "moment", "When it was first seen, UTC."),
    Field("dateModified", "moment", "When anything of it last changed, UTC.", always=True),
)
SUBEVENT = (
    Field("identifier", "text", "Permanent name of the date: the UID in the calendars.", always=True),
    Field("startDate", "moment", "Start with offset, or a day; absent when only the last day is known."),
    Field("endDate", "moment", "End with offset, or the last day, inclusive; absent when unknown."),
    Field("previousStartDate", "moment", "Where it was before it moved."),
    Field("doorTime", "moment", "When the doors open."),
    Field("openingHours", "text", "Hours in the source's words."),
    Field("eventStatus", "url", "schema.org EventStatusType.", always=True),
    Field("availability", "url", "https://schema.org/SoldOut when sold out."),
)
COLUMNS = (
    *(f"subEvent.{f.path}" for f in SUBEVENT),
    *(f.path for f in FIELDS if f.column),
)
TOMBSTONE = (
    Field("identifier", "text", "The event that is no longer published.", always=True),
    Field("removed", "truth", "Always true.", always=True),
    Field(
        "reason",
        "text",
        "merged, withdrawn (gone from its sources), outside (elsewhere now) or hidden.",
        always=True,
    ),
    Field("supersededBy", "text", "Identifier of the event that it became part of."),
    Field("dateModified", "moment", "When that was, UTC.", always=True),
)
