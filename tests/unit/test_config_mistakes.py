"""A broken configuration tells every mistake at once: which file and line, which key, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config_loader import find_config, load_region
from aggregator.errors import ConfigError, ConfigMistakesError, UsageError
from aggregator.region import Source
from aggregator.show import check_config

SOUND = {
    "region.yaml": "id: test\nname: {nl: Test}\ncontact: a@b.example\nuser_agent: Trek test (a@b.example)\n",
    "feeds.yaml": "base_url: https://agenda.example/\ntitle: {nl: Agenda}\n",
    "rights.yaml": "rights:\n  - id: facts\n    name: Facts\n",
    "elsewhere.yaml": "places: Utrecht, Den Haag\n",
    "pillars.yaml": "pillars:\n  - id: muziek\n    name: {nl: Muziek}\nrules:\n  deep: 3\n  when: 20:30\n",
    "municipalities.yaml": (
        "municipalities:\n"
        "  - id: dorp\n    name: Dorp\n    code: GM0001\n    places:\n      - name: Dorp\n"
        "  - id: stad\n    name: Stad\n    code: GM0002\n    places:\n      - name: Stad\n"
    ),
    "venues/dorp.yaml": "venues:\n  - id: zaal\n    name: Zaal\n    place: Dorp\n    prior: [muziek]\n",
    "sources/dorp/zaal.yaml": "name: Zaal\nstart_urls: [https://zaal.example/]\ntier: venue\nvenue: zaal\n",
    "sources/region/krant.yaml": "name: Krant\nstart_urls: [https://krant.example/]\ntier: press\n",
}


def write(folder: Path, **changes: str | bytes | None) -> Path:
    """The sound configuration with some files replaced (`None` removes one)."""
    for file, text in {**SOUND, **changes}.items():
        path = folder / file
        if text is None:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def told(mistakes: list[ConfigError]) -> list[str]:
    return [str(m) for m in mistakes]


def test_a_sound_folder_is_read_without_resolving(tmp_path: Path) -> None:
    feeds = 'base_url: https://agenda.example/\ntitle: {nl: no, en: 20:30, de: "0575"}\n'
    region = load_region(write(tmp_path, **{"feeds.yaml": feeds}))
    assert dict(region.feeds.title) == {"nl": "no", "en": "20:30", "de": "0575"}
    assert region.sources["zaal"].municipality == "dorp"
    assert region.sources["krant"].municipality == "region"
    assert region.elsewhere.places == ("Utrecht", "Den Haag")
    assert region.raw["pillars"] == {"rules": {"deep": 3, "when": "20:30"}}


def test_a_user_agent_says_how_to_reach_us(tmp_path: Path) -> None:
    settings = SOUND["region.yaml"].replace("Trek test (a@b.example)", "Mozilla/5.0 Chrome")
    with pytest.raises(ConfigMistakesError) as caught:
        load_region(write(tmp_path, **{"region.yaml": settings}))
    assert ["region.yaml:4 user_agent" in line for line in told(caught.value.mistakes)] == [True]


@pytest.mark.parametrize(
    ("agent", "told_of"),
    [
        ("Trek/1.0 (+https://agenda.example/; a@b.example)", None),
        ("Trek (a@bot.example)", None),
        ("Trek/0.1 (+https://scrapy.example/wie-wij-zijn)", None),
        ("AgendaBot/1.0 (a@b.example)", "own name"),
        ("Trekker/1.0 (a@b.example)", "own name"),
        ("Mozilla/5.0 (compatible; Trek; a@b.example)", "own name"),
        ("Trek/1.0 (compatible; Googlebot/2.1; a@b.example)", "another robot"),
        ("Trek/1.0 Mozilla/5.0 Chrome/120 (a@b.example)", "another robot"),
        ("Trek/1.0 bingbot (a@b.example)", "another robot"),
        ("Trek/1.0 python-requests/2.32 (a@b.example)", "another robot"),
    ],
)
def test_a_user_agent_bears_our_own_name_and_no_other(
    tmp_path: Path, agent: str, told_of: str | None
) -> None:
    settings = SOUND["region.yaml"].replace("Trek test (a@b.example)", f'"{agent}"')
    folder = write(tmp_path, **{"region.yaml": settings})
    if told_of is None:
        assert load_region(folder).settings.user_agent == agent
        return
    with pytest.raises(ConfigMistakesError) as caught:
        load_region(folder)
    (line,) = told(caught.value.mistakes)
    assert told_of in line
    assert "region.yaml:4 user_agent" in line


def test_further_files_are_handed_on_unread(tmp_path: Path) -> None:
    region = load_region(write(tmp_path, **{"corrections/dorp.yaml": "same: [a, b]\nsure: true\n"}))
    assert region.raw["corrections/dorp"] == {"same": ["a", "b"], "sure": True}


SOURCE = "name: Zaal\nstart_urls: [https://zaal.example/]\ntier: venue\n"
CASES: dict[str, tuple[dict[str, str | bytes | None], list[str]]] = {
    "unknown key": (
        {"sources/dorp/zaal.yaml": SOURCE + "platfrom: tribe\n"},
        ["sources/dorp/zaal.yaml:4 platfrom: unknown key platfrom — did you mean platform?"],
    ),
    "unknown key inside": (
        {"sources/dorp/zaal.yaml": SOURCE + "selectors:\n  block: li\n  titel: h2\n"},
        ["sources/dorp/zaal.yaml:6 selectors.titel: unknown key titel — did you mean title?"],
    ),
    "missing key": (
        {"sources/dorp/zaal.yaml": "name: Zaal\ntier: venue\n"},
        ["sources/dorp/zaal.yaml:1 start_urls: start_urls is missing — add `start_urls:`"],
    ),
    "unknown rights": (
        {"sources/dorp/zaal.yaml": SOURCE + "rights: fact\n"},
        ["sources/dorp/zaal.yaml:4 rights: unknown rights fact — did you mean facts?"],
    ),
    "unknown venue": (
        {"sources/dorp/zaal.yaml": SOURCE + "venue: zal\n"},
        ["sources/dorp/zaal.yaml:4 venue: unknown venue zal — did you mean zaal?"],
    ),
    "unknown pillar": (
        {"venues/dorp.yaml": SOUND["venues/dorp.yaml"].replace("[muziek]", "[muzeik]")},
        ["venues/dorp.yaml:5 venues.0.prior.0: unknown pillar muzeik — did you mean muziek?"],
    ),
    "unknown place": (
        {"venues/dorp.yaml": SOUND["venues/dorp.yaml"].replace("place: Dorp", "place: Derp")},
        ["venues/dorp.yaml:4 venues.0.place: Derp is no place of Dorp — did you mean Dorp?"],
    ),
    "unknown folder": (
        {"sources/drop/kroeg.yaml": SOURCE},
        [
            "sources/drop/kroeg.yaml:1: no municipality is called drop — did you mean dorp?",
        ],
    ),
    "unknown venue file": (
        {"venues/stadt.yaml": "venues:\n  - id: hal\n    name: Hal\n    place: Stad\n"},
        ["venues/stadt.yaml:1: no municipality is called stadt — did you mean stad?"],
    ),
    "id is not the file's name": (
        {"sources/dorp/zaal.yaml": "id: hal\n" + SOURCE},
        ["sources/dorp/zaal.yaml:1 id: id hal in a file named zaal.yaml — hal.yaml"],
    ),
    "municipality is not the folder": (
        {"sources/dorp/zaal.yaml": "municipality: stad\n" + SOURCE},
        [
            "sources/dorp/zaal.yaml:1 municipality: municipality stad in the place of dorp — "
            "leave the key out or move it to stad"
        ],
    ),
    "wrong depth": (
        {"sources/los.yaml": SOURCE},
        [
            "sources/los.yaml:1: a source in the wrong folder — sources/<municipality>/<id>.yaml",
            "sources/los.yaml:1: no municipality is called los — one of: dorp, region, stad",
        ],
    ),
    "bad id": (
        {"sources/dorp/De_Zaal.yaml": SOURCE},
        ["sources/dorp/De_Zaal.yaml:1 id: 'De_Zaal' is no id — small letters, digits and single hyphens"],
    ),
    "same id twice": (
        {"sources/stad/zaal.yaml": SOURCE},
        ["sources/stad/zaal.yaml:1 id: id zaal is taken — see sources/dorp/zaal.yaml:1"],
    ),
    "key twice": (
        {"sources/dorp/zaal.yaml": SOURCE + "name: Weer\n"},
        ["sources/dorp/zaal.yaml:4 name: key written twice — keep one of the two"],
    ),
    "tab": (
        {"sources/dorp/zaal.yaml": SOURCE + "paging:\n\tparameter: page\n"},
        ["sources/dorp/zaal.yaml:5: no valid YAML: a tab — indent with spaces"],
    ),
    "two documents": (
        {"sources/dorp/zaal.yaml": SOURCE + "---\nname: Zaal\n"},
        ["sources/dorp/zaal.yaml:5: no valid YAML: a second document — one file holds one document"],
    ),
    "nested without end": (
        {"sources/dorp/zaal.yaml": SOURCE + "mapping: " + "[" * 100_000},
        ["sources/dorp/zaal.yaml:4: no valid YAML: nested too deeply — close what you open"],
    ),
    "control character": (
        {"sources/dorp/zaal.yaml": SOURCE + "note: a\x07b\n"},
        [
            "sources/dorp/zaal.yaml: no valid YAML: control characters are not allowed"
            " — remove control characters"
        ],
    ),
    "anchor": (
        {
            "sources/dorp/zaal.yaml": SOURCE.replace("name: Zaal", "name: &n Zaal\nnote: *n"),
        },
        ["sources/dorp/zaal.yaml:2 note: an anchor is used — write the value out"],
    ),
    "encoding": (
        {"sources/dorp/zaal.yaml": SOURCE.encode() + "note: café\n".encode("cp1252")},
        ["sources/dorp/zaal.yaml:4: not UTF-8 — save the file as UTF-8"],
    ),
    "empty": (
        {"sources/dorp/zaal.yaml": "# nothing yet\n"},
        ["sources/dorp/zaal.yaml: empty file — fill it in or remove it"],
    ),
    "a list for keys": (
        {"sources/dorp/zaal.yaml": "- a\n- b\n"},
        ["sources/dorp/zaal.yaml:1: no keys — write `key: value` lines"],
    ),
    "bad interval": (
        {"sources/dorp/zaal.yaml": SOURCE + "interval: daily\n"},
        ["sources/dorp/zaal.yaml:4 interval: 'daily' is no interval; write 6h, 1d or 2w"],
    ),
    "bad address": (
        {"sources/dorp/zaal.yaml": SOURCE.replace("https://zaal", "zaal")},
        ["sources/dorp/zaal.yaml:2 start_urls.0: 'zaal.example/' is no web address; write https://host/path"],
    ),
    "empty value": (
        {"sources/dorp/zaal.yaml": SOURCE + "rights:\n"},
        ["sources/dorp/zaal.yaml:4 rights: rights is empty — fill it in or remove the key"],
    ),
    "missing file": (
        {"rights.yaml": None, "rigths.yaml": SOUND["rights.yaml"]},
        ["rights.yaml: missing file — did you mean rigths.yaml?"],
    ),
    "wrong suffix": (
        {"sources/dorp/hal.yml": SOURCE},
        ["sources/dorp/hal.yml: not read — name it *.yaml"],
    ),
    "no list": (
        {"venues/stad.yaml": "venue:\n  - id: hal\n"},
        [
            "venues/stad.yaml:1 venue: unknown key venue — did you mean venues?",
            "venues/stad.yaml:1 venues: no list under `venues` — "
            "begin with `venues:` and entries with `- id:`",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_with_its_place_and_a_hint(tmp_path: Path, name: str) -> None:
    changes, expected = CASES[name]
    assert told(check_config(write(tmp_path, **changes))) == expected


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    changes = {
        "municipalities.yaml": "municipalities:\n\t- id: dorp\n",
        "sources/dorp/zaal.yaml": SOURCE + "platfrom: tribe\nrights: fact\ninterval: 1x\n",
        "venues/dorp.yaml": "venues:\n  - id: zaal\n    nam: Zaal\n",
        "feeds.yaml": "title: {nl: Agenda}\n",
    }
    with pytest.raises(ConfigMistakesError) as caught:
        load_region(write(tmp_path, **changes))
    found = {(m.file, m.key) for m in caught.value.mistakes}
    assert found == {
        ("feeds.yaml:1", "base_url"),
        ("municipalities.yaml:2", ""),
        ("sources/dorp/zaal.yaml:4", "platfrom"),
        ("sources/dorp/zaal.yaml:6", "interval"),
        ("venues/dorp.yaml:2", "venues.0.name"),
        ("venues/dorp.yaml:2", "venues.0.place"),
        ("venues/dorp.yaml:3", "venues.0.nam"),
    }
    assert caught.value.exit_status == 2


def test_the_crawlers_may_add_what_they_know_of_a_source(tmp_path: Path) -> None:
    changes = {"sources/dorp/zaal.yaml": SOURCE + "platform: trbe\n"}

    def check(source: Source) -> list[tuple[str, str, str]]:
        return [("platform", f"unknown platform {source.platform}", "")] if source.platform == "trbe" else []

    assert told(check_config(write(tmp_path, **changes), check)) == [
        "sources/dorp/zaal.yaml:4 platform: unknown platform trbe"
    ]


def test_no_folder_is_one_mistake(tmp_path: Path) -> None:
    assert [m.what for m in check_config(tmp_path / "nowhere")] == ["no such folder"]


def test_the_folder_that_is_named_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    monkeypatch.setenv("TREK_CONFIG", str(two))
    assert find_config(one) == one.resolve()
    assert find_config(None) == two.resolve()
    monkeypatch.delenv("TREK_CONFIG")
    assert (find_config(None) / "region.yaml").is_file()


def test_a_named_folder_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="--config"):
        find_config(tmp_path / "nowhere")
    monkeypatch.setenv("TREK_CONFIG", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="TREK_CONFIG"):
        find_config(None)
