"""The built-in sample region: invented venues and events in real municipalities, served as real sites.

`programme.make_programme(today)` says what goes on and which site tells of it (word lists and
hand-written cases in `data/`); `truth.truth(programme)` says what the calendar must make of it;
`markup/` and `templates/` draw the pages, a style each; `sites.SampleRegion` serves them on
loopback and changes them on request; `config.write_config` writes the configuration to crawl them.

`python -m crawlers.sample` serves it for looking around.
"""
