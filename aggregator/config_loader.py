"""Finds, reads and checks `config/`; every mistake in every file is told at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from aggregator.config_entries import Entry, M, closest, read_entries, validate
from aggregator.errors import ConfigError, ConfigMistakesError, UsageError
from aggregator.feed_settings import FeedSettings
from aggregator.region import (
    WHOLE_REGION,
    Elsewhere,
    Municipality,
    Pillar,
    Region,
    RegionSettings,
    Rights,
    Source,
    Venue,
)
from aggregator.yaml_file import Document, Steps, load_document, resolve

SourceCheck = Callable[[Source], Iterable[tuple[str, str, str]]]


def find_config(explicit: Path | None) -> Path:
    """The configuration folder: named, TREK_CONFIG, the checkout's, else the one in the wheel.

    UsageError when a named folder does not exist.
    """
    for name, origin in ((explicit, "--config"), (os.environ.get("TREK_CONFIG"), "TREK_CONFIG")):
        if name:
            folder = Path(name).expanduser()
            if folder.is_dir():
                return folder.resolve()
            raise UsageError(f"no such folder: {folder}", origin, "name a folder that holds region.yaml")
    here = Path(__file__).resolve().parent
    for folder in (here.parent / "config", here / "bundled_config"):
        if (folder / "region.yaml").is_file():
            return folder
    raise UsageError("no configuration found", str(here.parent), "name one with --config or TREK_CONFIG")


def load_region(folder: Path, check_source: SourceCheck | None = None) -> Region:
    """The region that a folder describes; ConfigMistakesError with all mistakes in all files.

    `check_source` says what only the crawlers can know of a source (an unknown platform, a mapping
    that is none): (key, what, hint) for each mistake.
    """
    loader = _Loader(folder, check_source)
    region = loader.load()
    mistakes = loader.all_mistakes()
    if mistakes or region is None:
        raise ConfigMistakesError(mistakes)
    return region


class _Loader:
    """One pass over a folder. Each file is read and checked, whatever is wrong with the others."""

    def __init__(self, folder: Path, check_source: SourceCheck | None) -> None:
        self.folder, self.check_source = folder, check_source
        self.documents: dict[str, Document] = {}
        self.mistakes: list[ConfigError] = []

    def all_mistakes(self) -> tuple[ConfigError, ...]:
        found = [*self.mistakes, *(m for d in self.documents.values() for m in d.mistakes)]
        return tuple(sorted(found, key=lambda m: (_file_order(m.file), m.key)))

    def load(self) -> Region | None:
        self._read_all()
        settings = self._one("region.yaml", RegionSettings)
        feeds = self._one("feeds.yaml", FeedSettings)
        elsewhere = self._one("elsewhere.yaml", Elsewhere)
        municipalities = self._list("municipalities.yaml", "municipalities", Municipality)
        pillars = self._list("pillars.yaml", "pillars", Pillar, rest=True)
        rights = self._list("rights.yaml", "rights", Rights)
        venues = self._index(e for d in self._in("venues/") for e in self._venues(d))
        sources = self._index(e for d in self._in("sources/") for e in self._source(d))
        self._check_homes(municipalities, venues, sources)
        self._check_references(municipalities, pillars, rights, venues, sources)
        if feeds is not None:
            self._check_press(feeds, municipalities)
        if settings is None or feeds is None or elsewhere is None:
            return None
        return Region(
            settings=settings,
            feeds=feeds,
            municipalities=_models(municipalities),
            venues=_models(venues),
            sources=_models(sources),
            pillars=_models(pillars),
            rights=_models(rights),
            elsewhere=elsewhere,
            raw=self._raw(),
            folder=self.folder,
        )

    # --- reading ---------------------------------------------------------------------------

    def _read_all(self) -> None:
        if not self.folder.is_dir():
            self.mistakes.append(
                ConfigError("no such folder", str(self.folder), "", "name one with --config")
            )
            return
        for path in sorted(self.folder.rglob("*")):
            file = path.relative_to(self.folder).as_posix()
            if path.is_dir() or any(part.startswith(".") for part in Path(file).parts):
                continue
            if path.suffix == ".yaml":
                self.documents[file] = load_document(path, file)
            elif path.suffix in (".yml", ".json"):
                self.mistakes.append(ConfigError("not read", file, "", "name it *.yaml"))

    def _in(self, prefix: str) -> list[Document]:
        return [d for name, d in self.documents.items() if name.startswith(prefix) and d.root is not None]

    def _document(self, file: str) -> Document | None:
        document = self.documents.get(file)
        if document is None and self.folder.is_dir():
            self.mistakes.append(ConfigError("missing file", file, "", closest(file, self.documents)))
        return document if document is not None and document.root is not None else None

    def _one(self, file: str, model: type[M]) -> M | None:
        document = self._document(file)
        return None if document is None else validate(document, model, document.data, ())

    def _list(self, file: str, key: str, model: type[M], *, rest: bool = False) -> dict[str, Entry[M]]:
        document = self._document(file)
        if document is None:
            return {}
        return self._index(read_entries(document, key, model, rest=rest))

    def _index(self, entries: Iterator[Entry[Any]]) -> dict[str, Entry[Any]]:
        """Entries by id; a second one with the same id is a mistake where it stands."""
        index: dict[str, Entry[Any]] = {}
        for entry in entries:
            first = index.setdefault(entry.model.id, entry)
            if first is not entry:
                where = f"{first.document.file}:{first.document.line(first.at)}"
                entry.document.mistake(f"id {entry.model.id} is taken", (*entry.at, "id"), f"see {where}")
        return index

    def _venues(self, document: Document) -> Iterator[Entry[Venue]]:
        home = Path(document.file).stem
        yield from read_entries(document, "venues", Venue, lambda raw: raw.setdefault("municipality", home))

    def _source(self, document: Document) -> Iterator[Entry[Source]]:
        path = Path(document.file)
        if len(path.parts) != 3:
            document.mistake("a source in the wrong folder", (), "sources/<municipality>/<id>.yaml")
            return
        if not isinstance(document.data, dict):
            document.mistake("no keys", (), "write `key: value` lines")
            return
        raw = {"id": path.stem, "municipality": path.parts[1], **document.data}
        source = validate(document, Source, raw, ())
        if source is None:
            return
        if source.id != path.stem:
            document.mistake(f"id {source.id} in a file named {path.name}", ("id",), f"{source.id}.yaml")
        yield Entry(source, document, ())

    def _raw(self) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        known = {"region.yaml", "feeds.yaml", "elsewhere.yaml", "municipalities.yaml", "rights.yaml"}
        for file, document in self.documents.items():
            if file in known or file.startswith(("venues/", "sources/")):
                continue
            data = document.data
            if file == "pillars.yaml" and isinstance(data, dict):
                data = {key: value for key, value in data.items() if key != "pillars"}
            raw[file.removesuffix(".yaml")] = resolve(data)
        return raw

    # --- checking across files ---------------------------------------------------------------

    def _check_homes(
        self,
        municipalities: dict[str, Entry[Municipality]],
        venues: dict[str, Entry[Venue]],
        sources: dict[str, Entry[Source]],
    ) -> None:
        """File and folder names name municipalities, and what lies in them says the same."""
        if not municipalities:
            return  # that file's own mistakes are told already
        for file, document in self.documents.items():
            parts = Path(file).parts
            if parts[0] not in ("venues", "sources") or len(parts) < 2:
                continue
            home = Path(parts[1]).stem
            allowed = {*municipalities, WHOLE_REGION} if parts[0] == "sources" else municipalities.keys()
            if home not in allowed:
                document.mistake(f"no municipality is called {home}", (), closest(home, allowed))
        entries: list[Entry[Venue | Source]] = [*venues.values(), *sources.values()]
        for entry in entries:
            home = Path(Path(entry.document.file).parts[1]).stem
            if entry.model.municipality != home:
                said = entry.model.municipality
                entry.document.mistake(
                    f"municipality {said} in the place of {home}",
                    (*entry.at, "municipality"),
                    f"leave the key out or move it to {said}",
                )

    def _check_press(self, feeds: FeedSettings, municipalities: dict[str, Entry[Municipality]]) -> None:
        """Papers have names of their own and a municipality that exists."""
        document = self.documents["feeds.yaml"]
        for i, paper in enumerate(feeds.press):
            home = paper.municipality
            if home is not None and municipalities and home not in municipalities:
                hint = closest(home, municipalities)
                document.mistake(f"unknown municipality {home}", ("press", i, "municipality"), hint)
        for i, name in _repeated(paper.id for paper in feeds.press):
            document.mistake(f"id {name} a second time", ("press", i, "id"), "give it another id")

    def _check_references(
        self,
        municipalities: dict[str, Entry[Municipality]],
        pillars: dict[str, Entry[Pillar]],
        rights: dict[str, Entry[Rights]],
        venues: dict[str, Entry[Venue]],
        sources: dict[str, Entry[Source]],
    ) -> None:
        for venue in venues.values():
            for i, pillar in enumerate(venue.model.prior):
                _check_known(venue, ("prior", i), "pillar", pillar, pillars)
            _check_place(venue, municipalities)
        for source in sources.values():
            _check_known(source, ("rights",), "rights", source.model.rights, rights)
            if source.model.venue is not None:
                _check_known(source, ("venue",), "venue", source.model.venue, venues)
            for key, what, hint in self.check_source(source.model) if self.check_source else ():
                source.document.mistake(what, (key,), hint)


def _repeated(values: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(place, value) of what stood before it already."""
    seen: set[str] = set()
    for place, value in enumerate(values):
        if value in seen:
            yield place, value
        seen.add(value)


def _check_known(entry: Entry[Any], at: Steps, kind: str, word: str, known: dict[str, Entry[Any]]) -> None:
    if known and word not in known:
        entry.document.mistake(f"unknown {kind} {word}", (*entry.at, *at), closest(word, known))


def _check_place(venue: Entry[Venue], municipalities: dict[str, Entry[Municipality]]) -> None:
    home = municipalities.get(venue.model.municipality)
    if home is None:
        return
    names = {n for p in home.model.places for n in (p.name, *p.aliases)} | {home.model.name}
    if venue.model.place not in names:
        what = f"{venue.model.place} is no place of {home.model.name}"
        venue.document.mistake(what, (*venue.at, "place"), closest(venue.model.place, names))


def _models(entries: dict[str, Entry[M]]) -> dict[str, M]:
    return {key: entry.model for key, entry in entries.items()}


def _file_order(file: str) -> tuple[str, int]:
    name, _, line = file.rpartition(":")
    return (name, int(line)) if line.isdigit() else (file, 0)
