"""Pillars and other labels of events, each with the rule and the words that gave it.

`tagger.Tagger` does the whole; the rules are data, in `config/pillars.yaml`.
"""
