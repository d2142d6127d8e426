"""Class names of the classic microformats (hCalendar, hCard, adr, geo) as those of microformats2.

https://microformats.org/wiki/hcalendar, https://microformats.org/wiki/h-event#Backward_Compatibility.
mf2py knows the old names too, but copies each element once a name to tell them: that is most of its time.
"""

from __future__ import annotations

import re

Rules = dict[str, tuple[str, ...]]

_ADDRESS = (
    "locality", "region", "extended-address", "post-office-box", "street-address", "postal-code",
    "country-name",
)  # fmt: skip
_NAMES: dict[str, Rules] = {
    "vevent": {
        "summary": ("p-name",),
        "dtstart": ("dt-start",),
        "dtend": ("dt-end",),
        "duration": ("dt-duration",),
        "url": ("u-url",),
        "location": ("p-location",),
        "geo": ("p-geo",),
        **{name: (f"p-{name}",) for name in ("description", "category", "attendee", "contact", "organizer")},
    },
    "vcard": {
        "fn": ("p-name",),
        "url": ("u-url",),
        "photo": ("u-photo",),
        "adr": ("p-adr",),
        "geo": ("p-geo",),
        **{name: (f"p-{name}",) for name in ("org", "label", "latitude", "longitude", *_ADDRESS)},
    },
    "adr": {name: (f"p-{name}",) for name in _ADDRESS},
    "geo": {name: (f"p-{name}",) for name in ("latitude", "longitude")},
}
_ROOTS = {"vevent": "h-event", "vcard": "h-card", "adr": "h-adr", "geo": "h-geo"}
_MODERN_ROOT = re.compile(r"h-(?:[a-z0-9]+-)?[a-z]+(?:-[a-z]+)*$")
_PROPERTY = re.compile(r"(?:p|e|u|dt)-(?:[a-z0-9]+-)?[a-z]+(?:-[a-z]+)*$")


def modernise(classes: list[str], around: Rules | None) -> tuple[list[str], Rules | None, bool]:
    """An element's names as microformats2, the rules for what is in it, and whether it is a classic root.

    `around` are the rules of the root that it stands in: None within microformats2, where every name is
    what it says. Within a classic root names of microformats2 count for nothing.
    """
    named = classes
    if around is not None:
        named = [name for name in classes if not _PROPERTY.match(name)]
        named += [new for name in classes for new in around.get(name, ())]
    if any(_MODERN_ROOT.match(name) for name in classes):
        return named, None, False
    old = [name for name in classes if name in _ROOTS]
    if not old:
        return named, around, False
    inner = {name: new for root in old for name, new in _NAMES[root].items()}
    return [*(n for n in named if n not in _ROOTS), *(_ROOTS[name] for name in old)], inner, True
