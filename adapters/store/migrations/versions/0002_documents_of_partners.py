"""What partners transmit and what we send them, byte for byte, with control numbers; and what was used."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply it."""
    op.create_table(
        "raw_documents",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "transmissions",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("transmission_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("sequence"),
    )
    op.create_index("transmissions_by_partner", "transmissions", ["partner", "sequence"], unique=False)
    op.create_table(
        "outbound",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("interchange_number", sa.BigInteger(), nullable=True),
        sa.Column("group_number", sa.BigInteger(), nullable=True),
        sa.Column("functional_id", sa.String(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("awaits_seconds", sa.Integer(), nullable=True),
        sa.Column("awaited_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("sequence"),
    )
    op.create_index("outbound_by_group", "outbound", ["partner", "functional_id", "group_number"], unique=False)
    op.create_index("outbound_by_partner", "outbound", ["partner", "sequence"], unique=False)
    op.create_index(
        "outbound_unsent", "outbound", ["next_attempt_at"], unique=False, postgresql_where=sa.text("sent_at IS NULL")
    )
    op.create_index(
        "outbound_awaited", "outbound", ["awaited_until"], unique=False, postgresql_where=sa.text("answered_at IS NULL")
    )
    op.create_table(
        "control_numbers",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "series"),
    )
    op.create_table(
        "usages",
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("facility", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("lot", sa.String(), nullable=True),
        sa.Column("serial", sa.String(), nullable=True),
        sa.Column("case_reference", sa.String(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requisition", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("report", "line"),
    )
    op.create_index("usages_by_item", "usages", ["facility", "location", "item"], unique=False)


def downgrade() -> None:
    """Take it back."""
    for table in ("usages", "control_numbers", "outbound", "transmissions", "raw_documents"):
        op.drop_table(table)
