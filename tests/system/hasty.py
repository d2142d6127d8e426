"""`crawlers.run` for sites of our own: it waits a twentieth of a second between requests to a host.

A configuration may not ask for less than a second (`test_crawl.py` and `test_polite.py` see to that), and of
a crawl of the sample five sixths are that patience.
"""

from __future__ import annotations

import crawlers.middleware
import crawlers.run

DELAY = 0.05

if __name__ == "__main__":
    crawlers.run.source_settings = lambda _source: {"DOWNLOAD_DELAY": DELAY}
    crawlers.middleware.LONGEST_DELAY = DELAY  # also where a robots.txt asks for more
    crawlers.run.main()
