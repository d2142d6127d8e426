"""Alembic's entry point. The connection is handed over by `aggregator.store.engine`.

To write a new migration see `versions/`: one file each, `upgrade` only, and set `tables.VERSION`.
"""

from alembic import context

from aggregator.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # ours is one transaction on SQLite too
)
with context.begin_transaction():
    context.run_migrations()
