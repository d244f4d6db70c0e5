"""The first tables, the sequence of requisition numbers, and an audit trail that cannot be changed unseen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSE_CHANGES = """
CREATE FUNCTION refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$
"""


def upgrade() -> None:
    """Apply it."""
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_table(
        "exception_cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("facility", sa.String(), nullable=True),
        sa.Column("supplier", sa.String(), nullable=True),
        sa.Column("workflow_id", sa.String(), nullable=True),
        sa.Column("event", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_exception_cases_is_open"), "exception_cases", ["is_open"], unique=False)
    op.create_index(op.f("ix_exception_cases_opened_at"), "exception_cases", ["opened_at"], unique=False)
    op.create_index(op.f("ix_exception_cases_owner"), "exception_cases", ["owner"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supplier", sa.String(), nullable=True),
        sa.Column("facility", sa.String(), nullable=True),
        sa.Column("po_number", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("sequence"),
    )
    op.create_index("inbox_by_po_number", "inbox", ["po_number", "state"], unique=False)
    op.create_index("inbox_by_state", "inbox", ["state", "sequence"], unique=False)
    op.create_table(
        "invoice_claims",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("normalised_number", sa.String(), nullable=False),
        sa.Column("order_key", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("total", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("supplier", "kind", "order_key", "number"),
    )
    op.create_index(
        "invoice_claims_by_number", "invoice_claims", ["supplier", "kind", "normalised_number"], unique=False
    )
    op.create_index(
        "invoice_claims_by_total", "invoice_claims", ["supplier", "kind", "issued_on", "total"], unique=False
    )
    op.create_table(
        "open_replenishments",
        sa.Column("facility", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("requisition", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("facility", "location", "item"),
    )
    op.create_index(op.f("ix_open_replenishments_requisition"), "open_replenishments", ["requisition"], unique=False)
    op.create_table(
        "orders",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("po_number", sa.String(), nullable=True),
        sa.Column("requisition", sa.String(), nullable=False),
        sa.Column("facility", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("total", sa.Numeric(precision=20, scale=6), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_orders_facility"), "orders", ["facility"], unique=False)
    op.create_index(op.f("ix_orders_po_number"), "orders", ["po_number"], unique=False)
    op.create_index(op.f("ix_orders_requisition"), "orders", ["requisition"], unique=False)
    op.create_index(op.f("ix_orders_status"), "orders", ["status"], unique=False)
    op.create_index(op.f("ix_orders_supplier"), "orders", ["supplier"], unique=False)
    op.create_table(
        "partner_states",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("paused_by", sa.String(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partner"),
    )
    op.create_table(
        "processes",
        sa.Column("workflow_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=False),
        sa.Column("facility", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=True),
        sa.Column("po_number", sa.String(), nullable=True),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("started", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workflow_id"),
        sa.UniqueConstraint("kind", "business_key"),
    )
    op.create_index("processes_by_facility", "processes", ["facility", "po_number"], unique=False)
    op.create_index("processes_by_supplier", "processes", ["supplier", "po_number"], unique=False)
    op.create_table(
        "refusals",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "partner", "reason"),
    )
    op.create_table(
        "replenishments",
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("requisition", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_table(
        "requisitions",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("facility", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_requisitions_facility"), "requisitions", ["facility"], unique=False)
    op.create_index(op.f("ix_requisitions_status"), "requisitions", ["status"], unique=False)
    op.create_table(
        "timeline",
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("event", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("lifecycle", "number"),
    )

    op.execute("CREATE SEQUENCE requisition_numbers")
    op.execute(REFUSE_CHANGES)
    op.execute("CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit EXECUTE FUNCTION refuse_changes()")
    op.execute("CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit EXECUTE FUNCTION refuse_changes()")


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP TABLE audit CASCADE")
    op.execute("DROP FUNCTION refuse_changes")
    op.execute("DROP SEQUENCE requisition_numbers")
    op.drop_table("timeline")
    op.drop_index(op.f("ix_requisitions_status"), table_name="requisitions")
    op.drop_index(op.f("ix_requisitions_facility"), table_name="requisitions")
    op.drop_table("requisitions")
    op.drop_table("replenishments")
    op.drop_table("refusals")
    op.drop_index("processes_by_supplier", table_name="processes")
    op.drop_index("processes_by_facility", table_name="processes")
    op.drop_table("processes")
    op.drop_table("partner_states")
    op.drop_index(op.f("ix_orders_supplier"), table_name="orders")
    op.drop_index(op.f("ix_orders_status"), table_name="orders")
    op.drop_index(op.f("ix_orders_requisition"), table_name="orders")
    op.drop_index(op.f("ix_orders_po_number"), table_name="orders")
    op.drop_index(op.f("ix_orders_facility"), table_name="orders")
    op.drop_table("orders")
    op.drop_index(op.f("ix_open_replenishments_requisition"), table_name="open_replenishments")
    op.drop_table("open_replenishments")
    op.drop_index("invoice_claims_by_total", table_name="invoice_claims")
    op.drop_index("invoice_claims_by_number", table_name="invoice_claims")
    op.drop_table("invoice_claims")
    op.drop_index("inbox_by_state", table_name="inbox")
    op.drop_index("inbox_by_po_number", table_name="inbox")
    op.drop_table("inbox")
    op.drop_index(op.f("ix_exception_cases_owner"), table_name="exception_cases")
    op.drop_index(op.f("ix_exception_cases_opened_at"), table_name="exception_cases")
    op.drop_index(op.f("ix_exception_cases_is_open"), table_name="exception_cases")
    op.drop_table("exception_cases")
