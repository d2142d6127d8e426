"""What a page said (`RawEvent`) to what it claims (`Listing`): real dates, place, price and status.

`listing.Normaliser` does the whole; each other module reads one kind of words.
"""
