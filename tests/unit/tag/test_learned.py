"""The learned part: same examples, same file; readable reasons; never enough on its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aggregator.config_loader import find_config, load_region
from aggregator.tag.learned import learn, load_learned, read_examples, read_features, render_learned
from aggregator.tag.tagger import NEEDED

CONFIG = find_config(Path(__file__).parents[3] / "config")
REGION = load_region(CONFIG)
MODEL = load_learned(REGION)


def test_the_file_is_made_from_the_examples() -> None:
    lines = (CONFIG / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    made = render_learned(learn(read_examples(lines), tuple(REGION.pillars)))
    assert made == (CONFIG / "learned.yaml").read_text(encoding="utf-8"), "run `trek tag learn`"


def test_the_file_reads_as_it_was_written() -> None:
    examples = [
        ("Lichtobject in het park", frozenset({"createch"})),
        ("Koor in het park", frozenset({"muziek"})),
    ] * 5
    model = learn(examples, ("muziek", "createch"))
    weights = render_learned(model).partition("weights: |\n")[2]
    raw = {
        "pillars": list(model.pillars),
        "bias": [str(b) for b in model.bias],
        "middle": [str(m) for m in model.middle],
        "weights": "\n".join(line.strip() for line in weights.splitlines()),
    }
    assert load_learned(replace(REGION, raw={"learned": raw})) == model
    assert load_learned(replace(REGION, raw={})) is None
    sums, _ = model.scores("Lichtobjecten")
    assert sums[1] > sums[0]


def test_features() -> None:
    assert read_features("De tuinconcerten") == ["tuinconcerten", "tuinc*", "*certen"]
    assert read_features("Ons koor") == ["ons", "koor", "ons koor"]
    assert read_features("") == []


def test_a_guess_has_words_of_the_text_and_is_never_enough() -> None:
    assert MODEL is not None
    text = "Sensoren, projecties en robots: kunstenaars tonen een lichtinstallatie"
    assert 0 < MODEL.weigh(text)["createch"] <= MODEL.most < NEEDED
    words = MODEL.words(text, "createch")
    assert words
    assert all(word in text for word in words)


def test_a_word_or_two_weigh_little() -> None:
    assert MODEL is not None
    assert MODEL.weigh("Robots")["createch"] < MODEL.weigh("Robots " * 5)["createch"]
