"""From an address to a source: what a site offers, by which way its events are read best, and its file.

`scout` fetches with the manners of every crawl, `leads` says where to look, `ways` judges what was
found, `learn` turns a page's layout into selectors, `new` writes the source's file and a recorded page.
"""
