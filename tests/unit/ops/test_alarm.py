"""One alarm per cause: told once when it begins, once when it is over, and again when nobody heard it."""

from __future__ import annotations

import json
import smtplib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from aggregator import alarm as alarms
from aggregator.alarm import (
    Alarm,
    AlarmSettings,
    channels,
    deliver,
    find_causes,
    find_dates,
    load_alarms,
    load_settings,
    save_alarms,
    update,
)
from aggregator.doubt import HELD
from aggregator.errors import ConfigMistakesError, PublishError
from aggregator.health import SourceHealth, State
from aggregator.model import Outcome, Reject
from aggregator.refused import Wait, load_refused, refuse, unanswered, waiting
from aggregator.watch import watch_failure

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def health(name: str, cause: str = "", failing: int = 2, outcome: Outcome = Outcome.OK) -> SourceHealth:
    state = State.TROUBLED if cause else State.FINE
    return SourceHealth(
        name, name.title(), "borne", state, cause=cause, problem=cause, outcome=outcome, failing=failing
    )


def test_a_cause_that_goes_on_is_one_alarm() -> None:
    known: list[Alarm] = []
    told = []
    for day in range(5):
        causes = find_causes([health("a", "page-changed"), health("b")], NOW + timedelta(days=day))
        known = update(known, causes, NOW + timedelta(days=day), ["mail"])
        known = deliver(known, {"mail": told.append}, print)
    (one,) = told
    assert one.key == "a:page-changed"
    assert known[0].since == NOW
    known = update(known, [], NOW + timedelta(days=6), ["mail"])
    known = deliver(known, {"mail": told.append}, print)
    assert [a.over for a in told] == [None, NOW + timedelta(days=6)]
    assert alarms.headline(told[1]).startswith("over: ")
    assert deliver(update(known, [], NOW, ["mail"]), {"mail": told.append}, print)
    assert len(told) == 2


def test_what_may_pass_is_told_from_the_second_failure_on() -> None:
    assert find_causes([health("a", "dns", failing=1), health("b"), health("c")], NOW) == []
    assert len(find_causes([health("a", "dns", failing=2), health("b"), health("c")], NOW)) == 1
    assert len(find_causes([health("a", "robots", failing=1), health("b"), health("c")], NOW)) == 1


def test_half_of_all_sources_with_one_trouble_are_one_cause() -> None:
    (one,) = find_causes([*(health(f"s{n}", "dns") for n in range(5)), *map(health, "abcde")], NOW)
    assert (one.key, len(one.sources)) == ("all:dns", 5)
    assert "5 of 10 sources" in one.problem
    assert "our own network" in one.remedy
    several = find_causes([*(health(f"s{n}", "dns") for n in range(4)), *map(health, "abcde")], NOW)
    assert len(several) == 4


def test_dates_that_wait_are_one_alarm_a_source_and_over_when_answered(tmp_path: Path) -> None:
    found = waiting({}, [Reject("spil", "https://s.example/1", HELD, "starts at midnight", "Quiz", "a41c09")])
    told: list[Alarm] = []
    for day, waits in enumerate((found, [*found, Wait("spil:77e2d0", "far")], found)):
        refuse(tmp_path, found if day == 2 else [])
        causes = find_dates(unanswered(waits, load_refused(tmp_path)), NOW)
        save_alarms(tmp_path / "a", update(load_alarms(tmp_path / "a"), causes, NOW, ["mail"]))
        alarms_now = deliver(load_alarms(tmp_path / "a"), {"mail": told.append}, print)
        save_alarms(tmp_path / "a", alarms_now)
    assert [(a.key, a.over) for a in told] == [("spil:dates", None), ("spil:dates", NOW)]
    assert "a date waits for a person: 'Quiz' starts at midnight" in told[0].problem
    assert "https://s.example/1" in told[0].remedy


def test_a_channel_that_fails_is_tried_again_and_told_in_one_line() -> None:
    told: list[Alarm] = []
    lines: list[str] = []

    def broken(alarm: Alarm) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    causes = [Alarm(f"k{n}", "problem", "remedy", NOW) for n in range(3)]
    known = update([], causes, NOW, ["mail", "webhook"])
    known = deliver(known, {"mail": broken, "webhook": told.append}, lines.append)
    assert len(told) == 3
    assert len(lines) == 1
    assert "gone" in lines[0]
    known = deliver(update(known, causes, NOW, ["mail", "webhook"]), {"mail": told.append}, lines.append)
    assert len(told) == 6
    assert all(a.untold == () for a in known)


def test_who_never_heard_that_it_began_does_not_hear_that_it_is_over() -> None:
    known = update([], [Alarm("k", "p", "r", NOW)], NOW, ["mail"])
    (over,) = update(known, [], NOW, ["mail"])
    assert over.untold == ()


def test_alarms_are_kept_over_a_restart_and_a_damaged_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "alarms.json"
    kept = [Alarm("k", "p", "r", NOW, ("a", "b"), over=NOW, untold=("mail",))]
    save_alarms(path, kept)
    assert load_alarms(path) == kept
    path.write_text('{"alarms": [{"key": 5}]}')
    assert load_alarms(path) == []
    path.write_text("{")
    assert load_alarms(path) == []


def test_a_webhook_gets_json(httpserver: HTTPServer) -> None:
    seen: list[Any] = []

    def answer(request: Request) -> Response:
        seen.append(json.loads(request.data))
        return Response("ok")

    httpserver.expect_request("/hook", method="POST").respond_with_handler(answer)
    settings = AlarmSettings.model_validate({"webhook": {"url": httpserver.url_for("/hook")}})
    channels(settings)["webhook"](Alarm("k", "it broke", "mend it", NOW, ("a",)))
    assert seen[0]["text"] == "it broke"
    assert seen[0]["remedy"] == "mend it"


class MailServer(threading.Thread):
    """Takes one message by SMTP (RFC 5321), as far as a client needs it."""

    def __init__(self) -> None:
        import socket

        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.message = ""

    def run(self) -> None:
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rwb") as file:

            def say(line: str) -> None:
                file.write(line.encode() + b"\r\n")
                file.flush()

            say("220 here")
            while word := file.readline().decode().strip().upper():
                if word == "DATA":
                    say("354 go on")
                    while (line := file.readline()) != b".\r\n":
                        self.message += line.decode()
                    say("250 taken")
                elif word == "QUIT":
                    say("221 bye")
                    break
                else:
                    say("250 fine")
        self.socket.close()


def test_mail_says_what_and_what_to_do() -> None:
    server = MailServer()
    server.start()
    settings = AlarmSettings.model_validate(
        {
            "mail": {
                "to": ["ops@example.org"],
                "sender": "trek@example.org",
                "host": "127.0.0.1",
                "port": server.port,
                "security": "none",
            }
        }
    )
    channels(settings)["mail"](Alarm("k", "line one\nBcc: x@example.org", "mend it", NOW))
    server.join(10)
    assert "Subject: Trek: line one Bcc: x@example.org" in server.message
    assert "What to do: mend it" in server.message
    assert "\nBcc:" not in server.message


def test_settings_are_optional_and_their_mistakes_named(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == AlarmSettings()
    (tmp_path / "alarms.yaml").write_text(
        "mail:\n  to: [a@b.nl]\n  sender: t@b.nl\n  host: h\n  port: 25\n  security: tls\n"
    )
    settings = load_settings(tmp_path)
    assert settings.mail is not None
    assert (settings.mail.port, settings.mail.security) == (25, "tls")
    (tmp_path / "alarms.yaml").write_text("mail:\n  to: []\n  password: secret\n")
    with pytest.raises(ConfigMistakesError) as caught:
        load_settings(tmp_path)
    text = str(caught.value)
    assert "unknown key password" in text
    assert "alarms.yaml:3" in text
    assert "secret" not in text


def test_a_job_that_cannot_be_done_is_an_alarm_until_one_can(tmp_path: Path) -> None:
    error = PublishError("cannot be written: no space", "/srv", "make room")
    for _ in range(3):
        known = watch_failure(error, tmp_path, AlarmSettings(), NOW, print)
    (one,) = known
    assert one.key == "job:PublishError"
    assert one.remedy == "make room"
    (over,) = update(known, [], NOW, [])
    assert over.over == NOW
    assert replace(one, over=NOW) == over
