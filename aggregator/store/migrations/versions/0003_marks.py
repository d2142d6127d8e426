"""Which listings changed since their events were saved: so far it was known only that some did."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; where work waits, every listing is marked, so that all is looked at once."""
    op.create_table(
        "marks",
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
    )
    waits = "EXISTS (SELECT 1 FROM meta WHERE name = 'dirty' AND value = '1')"
    op.execute(f"INSERT INTO marks (source_id, key) SELECT source_id, key FROM listings WHERE {waits}")
    op.execute("DELETE FROM meta WHERE name = 'dirty'")
