"""What must hold for the tags of any text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config_loader import find_config, load_region
from aggregator.tag.match import Matcher, fold
from aggregator.tag.tagger import Tagger


@cache
def _tagger() -> Tagger:
    return Tagger(load_region(find_config(Path(__file__).parents[2] / "config")))


LEXICON = sorted({word.strip("*") for rule in _tagger().rules.rules for word in rule.words})
texts = st.lists(st.sampled_from(LEXICON) | st.text(max_size=12), max_size=12).map(" ".join)


@settings(deadline=None)
@given(texts, texts)
def test_pillars_are_known_and_have_a_rule_and_words(title: str, description: str) -> None:
    tagger = _tagger()
    read = tagger.read(title, description)
    assert read == tagger.read(title, description)
    for tag in read.pillars:
        assert read.event
        assert read.culture
        assert tag.tag in tagger.region.pillars
        assert tagger.reason(tag.rule) != tag.rule, "no reason for residents"
        said = " ".join(f"{title} {description}".split())
        assert tag.because
        assert all(word in said for word in tag.because[1:-1].split("”, “"))
    assert len({t.tag for t in read.pillars}) == len(read.pillars)


@given(st.text())
def test_folding_keeps_places(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="abc ", min_size=1, max_size=30), st.text(alphabet="abc", min_size=1, max_size=3))
def test_matcher_agrees_with_splitting(text: str, word: str) -> None:
    found = len(Matcher([(0, word)]).find(fold(text)))
    assert found == text.split().count(word)


@given(st.text(alphabet="abc ", min_size=1, max_size=30), st.text(alphabet="abc", min_size=1, max_size=3))
def test_open_ends_agree_with_prefix_and_suffix(text: str, word: str) -> None:
    heads = {h.start for h in Matcher([(0, f"{word}*")]).find(fold(text))}
    tails = {h.end for h in Matcher([(0, f"*{word}")]).find(fold(text))}
    assert len(heads) == sum(w.startswith(word) for w in text.split())
    assert len(tails) == sum(w.endswith(word) for w in text.split())
