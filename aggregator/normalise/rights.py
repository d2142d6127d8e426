"""What of a listing may be shown, as its source's rights say. Facts always may."""

from __future__ import annotations

from dataclasses import replace

from aggregator.model import Listing
from aggregator.normalise.text import excerpt
from aggregator.region import Rights

EXCERPT_MAX = 200


def allowed(listing: Listing, rights: Rights) -> Listing:
    """The listing with its description and image cut to what `rights` allow.

    An excerpt is at most `EXCERPT_MAX` characters and ends with a sentence where it can. An image
    is shown only with a credit: the listing's own, else the one that the rights name.
    """
    text = listing.description
    if rights.description == "none":
        text = None
    elif rights.description == "excerpt" and text:
        text = excerpt(text, EXCERPT_MAX)
    credit = listing.image_credit or rights.credit
    shown = rights.image and listing.image is not None and credit is not None
    return replace(
        listing,
        description=text,
        image=listing.image if shown else None,
        image_credit=credit if shown else None,
    )
