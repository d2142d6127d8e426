"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the first version."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "runs",
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("run_id", sa.String, primary_key=True),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("applied_at", moment, nullable=False),
        sa.Column("held", sa.Text),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "listings",
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("first_seen", moment, nullable=False),
        sa.Column("last_seen", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("missed_runs", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "rejects",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.String, nullable=False, index=True),
        sa.Column("document", sa.Text, nullable=False),
    )
    _events(moment)
    op.create_table(
        "meta",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _events(moment: sa.DateTime) -> None:
    op.create_table(
        "events",
        sa.Column("uid", sa.String(36), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False, index=True),
        sa.Column("hidden", sa.String),
        sa.Column("public_hash", sa.String(64), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "members",
        sa.Column("source_id", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("uid", sa.String(36), sa.ForeignKey("events.uid"), nullable=False, index=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["source_id", "key"], ["listings.source_id", "listings.key"]),
    )
    op.create_table(
        "aliases",
        sa.Column("uid", sa.String(36), primary_key=True),
        sa.Column("kept", sa.String(36), sa.ForeignKey("events.uid"), nullable=False, index=True),
        sa.Column("since", moment, nullable=False),
    )
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("ix_edits_at", "edits", ["at"])
    op.create_index("ix_edits_uid", "edits", ["uid"])
