"""What is remembered of the comparison of listings: kin, parts, blocks. It fills itself at the next job."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "kin",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("part", sa.String(40), nullable=False, index=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_kin_listing", "kin", ["source_id", "key"], unique=True)
    op.create_table(
        "parts",
        sa.Column("part", sa.String(40), primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "blocks",
        sa.Column("block", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False, index=True),
    )
