"""One root for every error that Trek raises; each carries what it is about as attributes.

The message is one line for a person: what is wrong, where, and what to do.
"""

from __future__ import annotations


class TrekError(Exception):
    """Root of all of Trek's errors. `exit_status` is what a command ends with."""

    exit_status = 1

    def __init__(self, what: str, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(
            " ".join(p for p in (f"{where}:" if where else "", what, f"— {hint}" if hint else "") if p)
        )


class UsageError(TrekError):
    """A command was called with something it cannot take."""

    exit_status = 2


class ConfigError(TrekError):
    """One mistake in the configuration. `file`, `key` and `hint` say where and what to do."""

    exit_status = 2

    def __init__(self, what: str, file: str = "", key: str = "", hint: str = "") -> None:
        self.file, self.key = file, key
        super().__init__(what, f"{file} {key}".strip(), hint)


class ConfigMistakesError(TrekError):
    """Every mistake in the configuration at once (`mistakes`)."""

    exit_status = 2

    def __init__(self, mistakes: tuple[ConfigError, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(m) for m in mistakes))


class ReadError(TrekError):
    """A page or feed could not be read. `url` names it."""

    def __init__(self, what: str, url: str = "", hint: str = "") -> None:
        self.url = url
        super().__init__(what, url, hint)


class InboxError(TrekError):
    """A file of the inbox is damaged. `path` names it."""

    def __init__(self, what: str, path: str = "", hint: str = "") -> None:
        self.path = path
        super().__init__(what, path, hint)


class StoreError(TrekError):
    """The database cannot be used. `database` names it, without a password."""

    def __init__(self, what: str, database: str = "", hint: str = "") -> None:
        self.database = database
        super().__init__(what, database, hint)


class DatabaseAddressError(StoreError):
    """An address of a database that is none, or not of a kind that Trek stores in."""

    exit_status = 2


class PublishError(TrekError):
    """A public file could not be written. `path` names it."""

    def __init__(self, what: str, path: str = "", hint: str = "") -> None:
        self.path = path
        super().__init__(what, path, hint)


class AddressRefusedError(TrekError):
    """An address that Trek must not fetch. `url` and `reason` say which and why."""

    def __init__(self, reason: str, url: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(reason, url)
