"""iCalendar feeds (RFC 5545), with what real calendars do beyond it.

One RawEvent a UID, with an occurrence for each instance in the page's window. An instance with a title or a
place of its own is an event of its own, with the key `uid/recurrence-id`: showing it under the
series' name would mislead, and an occurrence carries no title.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import icalendar
import recurring_ical_events
import x_wr_timezone
from icalendar.cal import Component

from aggregator.model import RawEvent, RawOccurrence, RawPlace
from crawlers.extract.blocks import Calendar, split_calendars, trim
from crawlers.extract.component import (
    categories_of,
    end_of,
    image_of,
    is_before,
    moment_of,
    place_of,
    sequence_of,
    stamp_of,
    text_of,
)
from crawlers.extract.page import Page, Problem
from crawlers.extract.rules import refuse_rule
from crawlers.extract.values import absolute, clean_text
from crawlers.extract.zones import mend_zones

_MOST_EVENTS = 5000
_MOST_INSTANCES = 2000  # of one series
_MOST_TOGETHER = 6000  # of one file
_REPEATING = ("RRULE", "RDATE", "RECURRENCE-ID")
# A line, or words between stars, that say only that it is off: some systems have no other way.
_OFF = re.compile(
    r"(?:^\W*|\*{2}\s*)(cancell?ed|geannuleerd|afgelast|gaat niet door|abgesagt|postponed|uitgesteld)"
    r"(?:\W*$|\s*\*{2})",
    re.IGNORECASE | re.MULTILINE,
)


def read_events(page: Page) -> tuple[list[RawEvent], list[Problem]]:
    """Every event of every calendar in the file: single ones whatever their date, series in the window."""
    problems: list[Problem] = []
    events: list[RawEvent] = []
    left = _MOST_EVENTS
    for calendar in split_calendars(page.text):
        problems += [Problem("broken-event", line) for line in calendar.lost[:50]]
        kept = trim(calendar.events, page.seen.year, left)
        if len(kept) < len(calendar.events):
            problems.append(Problem("too-large", f"{len(calendar.events) - len(kept)} events were not read"))
        left -= len(kept)
        zones = "".join(calendar.zones)
        calendar.events = [mend_zones(event, zones) for event in kept]
        reader = _Reader(page, problems)
        for components in _by_uid(_parse(calendar, problems)):
            try:
                reader.add(components)
            except Exception as error:  # the border to a library that is fed with anything
                label = f"{components[0].get('UID')}: {error}"
                problems.append(Problem("broken-event", label[:200]))
        events += reader.events
    return _own_keys(events), problems


def _parse(calendar: Calendar, problems: list[Problem]) -> list[Component]:
    """The VEVENTs of one calendar, times in their zones; events that cannot be parsed are Problems."""
    try:
        return _load(calendar.text(calendar.events))
    except Exception:  # the border to a library that is fed with anything
        found: list[Component] = []
        for event in calendar.events:
            try:
                found += _load(calendar.text([event]))
            except Exception as error:
                problems.append(Problem("broken-event", f"{type(error).__name__}: {event[:100]}"))
        return found


def _load(text: str) -> list[Component]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calendar = icalendar.Calendar.from_ical(text)
        with contextlib.suppress(ValueError, KeyError, OSError):  # an X-WR-TIMEZONE that is no zone
            calendar = x_wr_timezone.to_standard(calendar)
        return list(calendar.walk("VEVENT"))


def _by_uid(components: list[Component]) -> Iterable[list[Component]]:
    """Components that are one event by their UID; one without a UID stands alone."""
    groups: dict[str, list[Component]] = {}
    for number, component in enumerate(components):
        uid = str(component.get("UID") or "").strip()
        groups.setdefault(uid or f"\0{number}", []).append(component)
    return groups.values()


class _Reader:
    """Turns the components of one calendar into events."""

    def __init__(self, page: Page, problems: list[Problem]) -> None:
        self.page, self.problems = page, problems
        self.events: list[RawEvent] = []
        self.left = _MOST_TOGETHER
        self.seen_at = page.seen.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def add(self, components: list[Component]) -> None:
        """One UID: its newest version, its instances, and the instances that were changed."""
        cores = [c for c in components if "RECURRENCE-ID" not in c]
        newest = max((sequence_of(c) for c in cores), default=0)
        cores = [c for c in cores if sequence_of(c) == newest]
        changed = [c for c in components if "RECURRENCE-ID" in c]
        if len(cores) > 1:  # a UID used more than once: none of them may be lost
            cores = list({(str(moment_of(c, "DTSTART")), str(c.get("SUMMARY"))): c for c in cores}.values())
        if changed and len(cores) <= 1:
            self._add_series([*cores, *changed])
            return
        for core in [*cores, *changed]:
            if any(key in core for key in _REPEATING):
                self._add_series([core])
            else:
                self._add_all([core], None)

    def _add_series(self, components: list[Component]) -> None:
        """A series expanded in the window. Only the core's rule is looked at; changed instances have none."""
        title = str(components[0].get("SUMMARY") or components[0].get("UID"))[:100]
        if self.left <= 0:
            self.problems.append(Problem("too-large", f"{title}: the file repeats too much"))
            return
        try:
            for component in components:
                self._check(component)
            found = self._expand(components)
        except Exception as error:  # the border to libraries that are fed with anything
            self.problems.append(Problem("broken-rule", f"{title}: {error}"[:200]))
            return
        self.left -= len(found)
        self._add_all(found, components[0])

    def _check(self, component: Component) -> None:
        rules = component.get("RRULE") or []
        start = moment_of(component, "DTSTART")
        if start is None:
            raise ValueError("no DTSTART")
        for rule in rules if isinstance(rules, list) else [rules]:
            if reason := refuse_rule(rule, start, self.page.until):
                raise ValueError(reason)

    def _expand(self, components: list[Component]) -> list[Component]:
        calendar = icalendar.Calendar()
        for component in components:
            calendar.add_component(component)
        query = recurring_ical_events.of(calendar, keep_recurrence_attributes=True, skip_bad_series=False)
        seen, until = self.page.seen, self.page.until
        found = []
        for instance in query.between(seen, until):
            begin = moment_of(instance, "DTSTART")
            if begin is not None and is_before(begin, until):
                found.append(instance)
        return sorted(found, key=lambda c: str(moment_of(c, "DTSTART")))[:_MOST_INSTANCES]

    def _add_all(self, instances: list[Component], core: Component | None) -> None:
        """Instances as occurrences of the series' event, or as events of their own when they differ."""
        ended = core is None or "DTEND" in core or "DURATION" in core
        main: dict[tuple[str | None, RawPlace | None], RawEvent] = {}
        for instance in instances:
            event = self._event(instance, ended or ("RECURRENCE-ID" in instance and _differs(instance, core)))
            if event is None:
                continue
            own = core is not None and _differs(instance, core)
            key = (event.title, event.place)
            if own:
                event = replace(event, source_key=_instance_key(event.source_key, instance))
                self.events.append(event)
            elif key in main:
                main[key] = replace(main[key], occurrences=main[key].occurrences + event.occurrences)
            else:
                main[key] = event
        self.events += [_with_common_status(e) for e in main.values()]

    def _event(self, component: Component, ended: bool) -> RawEvent | None:
        title = clean_text(text_of(component, "SUMMARY"))
        start = moment_of(component, "DTSTART")
        if title is None or start is None:
            label = title or str(component.get("UID") or "VEVENT")
            self.problems.append(Problem("no-title" if title is None else "no-date", label[:200]))
            return None
        description = text_of(component, "DESCRIPTION")
        status = text_of(component, "STATUS")
        if (status or "CONFIRMED").upper() == "CONFIRMED" and description:
            off = _OFF.search(re.sub(r"\\+[nN]", "\n", description))
            status = off[1] if off else status
        organiser = component.get("ORGANIZER")
        return RawEvent(
            source_id=self.page.source_id,
            page_url=self.page.url,
            seen_at=self.seen_at,
            method="icalendar",
            title=title,
            occurrences=(_occurrence(start, end_of(component, start) if ended else None, status),),
            source_key=text_of(component, "UID"),
            url=absolute("", text_of(component, "URL")),
            status=status,
            place=place_of(component),
            description=description[:20_000] if description else None,
            image=image_of(component),
            organiser=clean_text(str(getattr(organiser, "params", {}).get("CN") or ""))
            if organiser
            else None,
            categories=categories_of(component),
            modified=stamp_of(moment_of(component, "LAST-MODIFIED")),
        )


def _differs(instance: Component, core: Component | None) -> bool:
    """Whether an instance has another title or place than its series."""
    if core is None or "RECURRENCE-ID" in core:
        return False
    return any(
        clean_text(text_of(instance, k)) != clean_text(text_of(core, k)) for k in ("SUMMARY", "LOCATION")
    )


def _instance_key(uid: str | None, instance: Component) -> str | None:
    moment = moment_of(instance, "RECURRENCE-ID") or moment_of(instance, "DTSTART")
    return f"{uid}/{stamp_of(moment)}" if uid else None


def _own_keys(events: list[RawEvent]) -> list[RawEvent]:
    """Keys made different where unlike events share one UID (several calendars in one file)."""
    used: dict[str, int] = {}
    result = []
    for event in events:
        if event.source_key:
            count = used[event.source_key] = used.get(event.source_key, 0) + 1
            event = replace(event, source_key=f"{event.source_key}#{count}") if count > 1 else event
        result.append(event)
    return result


def _with_common_status(event: RawEvent) -> RawEvent:
    """The event's status is that of all its occurrences, or none."""
    states = {o.status for o in event.occurrences}
    return replace(event, status=states.pop() if len(states) == 1 else None)


def _occurrence(start: date | datetime, end: date | datetime | None, status: str | None) -> RawOccurrence:
    return RawOccurrence(
        start=stamp_of(start),
        end=stamp_of(end),
        status=status,
        end_exclusive=end is not None and not isinstance(end, datetime),
    )
