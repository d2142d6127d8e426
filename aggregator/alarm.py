"""Alarms: one per cause and not per run, told once when it begins and once when it is over.

Causes come from the health of the sources; what was told is remembered in `alarms.json` of the data
folder. A message that could not be delivered is tried again with the next run.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from aggregator.config_entries import validate
from aggregator.errors import ConfigMistakesError
from aggregator.fields import Model, WebAddress
from aggregator.health import SourceHealth, State
from aggregator.model import Outcome, to_plain
from aggregator.plain import from_plain
from aggregator.refused import Wait
from aggregator.yaml_file import load_document, resolve

PASSING = (Outcome.SERVER_ERROR, Outcome.DNS, Outcome.TLS, Outcome.UNREACHABLE, Outcome.CRASHED)
TWICE = 2  # failures in a row before something that may pass is an alarm
MANY = 3  # sources with one trouble, and half of all, are one cause
WAIT = 10  # seconds for a mail server or a webhook
PAST = 50  # alarms that are over stay in the list


class Webhook(Model):
    """Where each alarm is posted to as JSON; an address that is itself a secret is in the environment."""

    url: WebAddress | None = None
    url_env: str = "TREK_WEBHOOK_URL"


class Mail(Model):
    """Who gets each alarm, through which server; the password is in the environment, never in a file."""

    to: Annotated[tuple[str, ...], Field(min_length=1)]
    sender: str
    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    user: str | None = None
    password_env: str = "TREK_MAIL_PASSWORD"
    security: Literal["starttls", "tls", "none"] = "starttls"


class AlarmSettings(Model):
    """`config/alarms.yaml`; without it alarms are only in the feed and in `trek status`."""

    webhook: Webhook | None = None
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """One cause: what is wrong and what to do. `untold` are the channels that still have to hear of it."""

    key: str
    problem: str
    remedy: str
    since: datetime
    sources: tuple[str, ...] = ()
    over: datetime | None = None
    untold: tuple[str, ...] = ()


Send = Callable[[Alarm], None]


def load_settings(config: Path) -> AlarmSettings:
    """The settings of a configuration folder; ConfigMistakesError with all that is wrong in the file."""
    path = config / "alarms.yaml"
    if not path.is_file():
        return AlarmSettings()
    document = load_document(path, "alarms.yaml")
    found = validate(document, AlarmSettings, resolve(document.data), ()) if document.root else None
    if document.mistakes or found is None:
        raise ConfigMistakesError(tuple(document.mistakes))
    return found


def find_causes(healths: Sequence[SourceHealth], now: datetime) -> list[Alarm]:
    """What a person should hear of, one alarm per cause, by key. Pure.

    What may pass by itself (a server, a name, a network) counts from the second failure in a row on.
    When half of all sources have the same trouble the cause is ours, and it is one.
    """
    crawled = [h for h in healths if h.outcome is not None]
    groups: dict[str, list[SourceHealth]] = {}
    for health in healths:
        if health.state is State.TROUBLED and not _may_pass(health):
            groups.setdefault(health.cause, []).append(health)
    alarms = []
    for cause, group in groups.items():
        ids = tuple(h.id for h in group)
        if len(group) >= MANY and 2 * len(group) >= len(crawled) and cause not in ("held", "silent"):
            what = f"{len(group)} of {len(crawled)} sources: {cause}"
            alarms.append(Alarm(f"all:{cause}", what, _shared_remedy(cause), now, ids))
            continue
        for health in group:
            problem = f"{health.name} ({health.id}): {health.problem}"
            remedy = f"{health.remedy}; see it: {health.command}"
            alarms.append(Alarm(f"{health.id}:{cause}", problem, remedy, now, (health.id,)))
    return sorted(alarms, key=lambda a: a.key)


def find_dates(waits: Iterable[Wait], now: datetime) -> list[Alarm]:
    """One alarm for each source of which single dates wait for a person. Pure."""
    by_source: dict[str, list[Wait]] = {}
    for wait in waits:
        by_source.setdefault(wait.source, []).append(wait)
    return [
        Alarm(
            f"{source}:dates",
            f"{source}: {_dates(len(found))} for a person: {found[0].said}",
            f"look at {found[0].page}; see all and answer: trek hold list",
            now,
            (source,),
        )
        for source, found in sorted(by_source.items())
    ]


def _dates(count: int) -> str:
    return "a date waits" if count == 1 else f"{count} dates wait"


def _may_pass(health: SourceHealth) -> bool:
    return health.cause in PASSING and health.failing < TWICE


def _shared_remedy(cause: str) -> str:
    if cause == "stale":
        return "is `trek run` alive? systemctl status trek"
    if cause in PASSING:
        return "look at our own network first: names, proxy, firewall; then at crawl.log"
    return "did a new version of Trek or of the configuration come in? See trek status"


def update(
    known: Sequence[Alarm], causes: Sequence[Alarm], now: datetime, told: Sequence[str]
) -> list[Alarm]:
    """The alarms after a run: a cause that goes on is the same alarm, one that is gone is over. Pure.

    `told` are the channels that hear of what is new. Each alarm keeps the moment at which it began.
    """
    going = {a.key: a for a in known if a.over is None}
    past = [a for a in known if a.over is not None]
    after = []
    for cause in causes:
        before = going.pop(cause.key, None)
        after.append(
            replace(cause, since=before.since, untold=before.untold)
            if before
            else replace(cause, untold=tuple(told))
        )
    ended = [replace(a, over=now, untold=_end_told(a, told)) for a in going.values()]
    waiting = [a for a in past if a.untold]
    rest = [a for a in past if not a.untold]
    return [*after, *ended, *waiting, *rest[: max(0, PAST - len(ended))]]


def _end_told(alarm: Alarm, told: Sequence[str]) -> tuple[str, ...]:
    """Who never heard that it began need not hear that it is over."""
    return tuple(name for name in told if name not in alarm.untold)


def deliver(alarms: Sequence[Alarm], send: Mapping[str, Send], report: Callable[[str], None]) -> list[Alarm]:
    """The alarms after telling each channel what it has not heard; a channel that fails is tried later."""
    broken: set[str] = set()
    after = []
    for alarm in alarms:
        left = []
        for channel in alarm.untold:
            if channel not in send:
                continue  # it was taken out of the settings
            if channel in broken:
                left.append(channel)
                continue
            try:
                send[channel](alarm)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                broken.add(channel)
                left.append(channel)
                report(f"alarms by {channel}: could not be sent ({error}); tried again with the next run")
        after.append(replace(alarm, untold=tuple(left)))
    return after


def channels(settings: AlarmSettings) -> dict[str, Send]:
    """How to tell an alarm, by channel."""
    found: dict[str, Send] = {}
    if (webhook := settings.webhook) is not None:
        url = webhook.url or os.environ.get(webhook.url_env, "")
        found["webhook"] = lambda alarm: post(url, alarm)
    if (mail := settings.mail) is not None:
        found["mail"] = lambda alarm: send_mail(mail, alarm)
    return found


def post(url: str, alarm: Alarm) -> None:
    """Posts an alarm as JSON, with its line as `text` (what Slack, Mattermost and Matrix hooks show)."""
    plain = {**to_plain(alarm), "text": headline(alarm)}
    plain.pop("untold", None)
    body = json.dumps(plain).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(request, timeout=WAIT):
        pass


def send_mail(mail: Mail, alarm: Alarm) -> None:
    """Sends an alarm to everyone who gets them."""
    message = EmailMessage()
    message["Subject"] = f"Trek: {headline(alarm)}"[:200]
    message["From"], message["To"] = mail.sender, ", ".join(mail.to)
    message.set_content(
        f"{headline(alarm)}\n\nWhat to do: {alarm.remedy}\nSince: {alarm.since:%Y-%m-%d %H:%M} UTC\n"
    )
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(mail.host, mail.port, timeout=WAIT, context=context)
        if mail.security == "tls"
        else smtplib.SMTP(mail.host, mail.port, timeout=WAIT)
    )
    with server:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, os.environ.get(mail.password_env, ""))
        server.send_message(message)


def headline(alarm: Alarm) -> str:
    """An alarm in one line."""
    line = " ".join(alarm.problem.split())
    return f"over: {line}" if alarm.over else line


def load_alarms(path: Path) -> list[Alarm]:
    """The alarms that were told; none when there is no such file or it is damaged."""
    try:
        plain: Any = json.loads(path.read_bytes())
        return [from_plain(Alarm, one) for one in plain["alarms"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def save_alarms(path: Path, alarms: Sequence[Alarm]) -> None:
    """Keeps the alarms, at once or not at all."""
    part = path.with_name(f".{path.name}.tmp")
    part.write_text(json.dumps({"alarms": to_plain(tuple(alarms))}, indent=1), encoding="utf-8")
    part.replace(path)
