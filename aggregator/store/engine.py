"""Opens a database: which one it is, whether it is ours, and brings it to the newest version.

Every trouble becomes a `StoreError` that names the database without its password.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from aggregator.errors import DatabaseAddressError, StoreError
from aggregator.store.tables import VERSION

PATIENCE = 30  # seconds to wait for another writer
MIGRATION_LOCK = 7_237_410_112  # PostgreSQL advisory lock, any number of our own


def open_engine(text: str, *, read_only: bool = False) -> Engine:
    """An engine on a database of the newest version; makes or upgrades it unless `read_only`.

    `text` is an SQLAlchemy URL: `sqlite:///path` or `postgresql+psycopg://user@host/name`.
    StoreError when it cannot be reached, is damaged, is not ours, or was made by a newer Trek; then
    nothing in it was touched.
    """
    url = _parse(text)
    name = _masked(url)
    with translated(url):
        if url.get_backend_name() == "sqlite":
            _look(url, name, read_only)
        engine = _engine(url, read_only)
        try:
            with engine.connect() as connection:
                current = _version(connection, name)
            if current != VERSION and read_only:
                what = "the database is empty" if current is None else f"the database is of version {current}"
                raise StoreError(what, name, "run `trek run` once, which makes and upgrades it")
            if current != VERSION:
                _migrate(engine, name)
        except BaseException:
            engine.dispose()
            raise
    return engine


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turns SQLAlchemy's errors into one StoreError with one line and no password."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(*_explained(error, url)) from error


def _explained(error: Exception, url: URL) -> tuple[str, str, str]:
    said = " ".join(str(getattr(error, "orig", None) or error).split("\n")[0].split())
    if url.password:
        said = said.replace(str(url.password), "***")
    hints = {
        "locked": "another process is writing; try again when it is done",
        "readonly": "make the file and its folder writable, or choose another with --database",
        "read-only": "use an account that may write, or choose another with --database",
        "unable to open": "check that the folder exists and may be written",
        "not a database": "it is another kind of file; move it away, and Trek rebuilds from the inbox",
        "malformed": "it is damaged; move it away, and Trek rebuilds from the inbox",
        "full": "free some space on the disk",
        "disk I/O": "check that the disk is whole and has room",
        "No such file": "check that the server runs and the address is right",
        "refused": "check that the server runs and the address is right",
        "authentication": "check user and password",
        "does not exist": "create it first, or correct the name",
    }
    hint = next((h for word, h in hints.items() if word in said), "")
    return f"the database cannot be used ({said})", _masked(url), hint


def _parse(text: str) -> URL:
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text))
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        hint = "write sqlite:///path or postgresql+psycopg://user:password@host/name"
        raise DatabaseAddressError("no database address that Trek knows", _masked(text), hint) from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseAddressError("Trek stores in SQLite or PostgreSQL only", _masked(url))
    return url


def _masked(url: URL | str) -> str:
    """The address without its password, also where it is no address at all."""
    if isinstance(url, URL):
        text = url.render_as_string(hide_password=True)
    else:
        text = re.sub(r"(//[^:@/]*|^[^:@/]*):.*@", r"\1:***@", url, flags=re.DOTALL)
    return re.sub(r"(password=)[^&]*", r"\1***", text)


def _look(url: URL, name: str, read_only: bool) -> None:
    """Looks at a SQLite file without writing a byte of it."""
    path = Path(url.database or "")
    if not url.database or url.database == ":memory:":
        raise StoreError("the database must be a file", name, "write sqlite:///path")
    if path.is_dir():
        raise StoreError("this is a folder, not a file", name, "write sqlite:///folder/trek.sqlite")
    if not path.exists():
        if read_only:
            raise StoreError("there is no database yet", name, "run `trek run` once, which makes it")
        path.parent.mkdir(parents=True, exist_ok=True)
        return
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as file:
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        found = file.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
    _known(found[0] if found else None, tables, name)


def _engine(url: URL, read_only: bool) -> Engine:
    if url.get_backend_name() != "sqlite":
        options = {"postgresql_readonly": True} if read_only else {}
        try:
            return sa.create_engine(url, pool_pre_ping=True, execution_options=options)
        except ModuleNotFoundError as error:
            masked = _masked(url)
            hint = "install Trek with its extra: trek-twente[postgres]"
            raise StoreError(f"the driver {error.name} is not installed", masked, hint) from None
    if read_only:
        path = Path(url.database or "").resolve()
        url = url.set(database=path.as_uri(), query={"mode": "ro", "uri": "true"})
    engine = sa.create_engine(url, connect_args={"timeout": PATIENCE})
    sa.event.listen(engine, "connect", _prepare if not read_only else _hand_over)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _hand_over(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, not by the driver's guess


def _prepare(connection: Any, record: Any) -> None:
    _hand_over(connection, record)
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: Any) -> None:
    """WAL mode, so that readers and the writer do not wait for each other; it stays with the file.

    SQLite does not wait for a lock here, so of several first openings all but one try again.
    """
    for left in range(PATIENCE * 20, -1, -1):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if left == 0 or "locked" not in str(error):
                raise
            time.sleep(0.05)


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("trek_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _version(connection: Connection, name: str) -> str | None:
    """The version that the database is of; None when it is empty."""
    tables = set(sa.inspect(connection).get_table_names())
    found = None
    if "alembic_version" in tables:
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return _known(found, tables, name)


def _known(found: str | None, tables: set[str], name: str) -> str | None:
    """The version, when it is one that this Trek can use or upgrade."""
    if found is None and tables - {"alembic_version"}:
        raise StoreError("this is not Trek's database", name, "choose another with --database")
    if found is not None and found > VERSION:
        what = f"the database is of version {found}, made by a newer Trek; this one knows {VERSION}"
        raise StoreError(what, name, "install the newer Trek, or choose another with --database")
    return found


def _migrate(engine: Engine, name: str) -> None:
    """Upgrades in one transaction; of two processes at once the second finds it done."""
    from alembic import command  # late: a database of today's version needs none of it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.connect().execution_options(trek_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": MIGRATION_LOCK})
        if _version(connection, name) != VERSION:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
