"""Loads what any crawl loads, so that crawls forked from this process need not: only crawlers/nest.py asks.

Nothing of it may load Twisted's reactor, which each crawl makes for itself after the fork.
"""

from __future__ import annotations

import gc
from importlib import import_module
from itertools import chain

import crawlers.record
import crawlers.run  # noqa: F401 - and all readers
from crawlers.settings import HOUSE

LISTS = ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES")
CHOSEN = (  # Scrapy's own choice where the house has none
    "scrapy.statscollectors",
    "scrapy.logformatter",
    "scrapy.utils.engine",
    "scrapy.core.downloader",
    "scrapy.robotstxt",
    "scrapy.dupefilters",
    "scrapy.squeues",
    "scrapy.pqueues",
    "protego",
    "encodings.charmap",
    "encodings.utf_8_sig",
)

for name in chain(*(HOUSE[kind] for kind in LISTS), HOUSE["DOWNLOAD_HANDLERS"].values()):
    import_module(name.rpartition(".")[0])
for name in CHOSEN:
    import_module(name)
gc.collect()
gc.freeze()  # a crawl's collector need not look at it all, nor take copies of its pages
