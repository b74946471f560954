"""A list of the posts that changed, written by the database itself, for what is kept of them in memory."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c4d9a1e07f32"
down_revision: str | None = "a7c3e95d10b4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# One row for each statement that changes posts. What was read long ago is taken out now and then, a little at a time.
FUNCTION = """
CREATE FUNCTION note_changed_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO post_changes (user_id, ids)
    SELECT user_id, CASE WHEN count(*) <= 50000 THEN array_agg(id) END FROM changed GROUP BY user_id;
    IF random() < 0.01 THEN
        DELETE FROM post_changes WHERE number IN (
            SELECT number FROM post_changes WHERE at < now() - interval '1 day'
            ORDER BY number LIMIT 1000 FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER note_{name} AFTER {event} ON posts REFERENCING {rows} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION note_changed_posts()
"""
EVENTS = {"inserted": ("INSERT", "NEW"), "updated": ("UPDATE", "NEW"), "deleted": ("DELETE", "OLD")}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "post_changes",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("xid", sa.BigInteger(), server_default=sa.text("pg_current_xact_id()::text::bigint"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ids", sa.ARRAY(sa.Uuid()), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_post_changes")),
    )
    op.create_index(op.f("ix_post_changes_user_id_xid"), "post_changes", ["user_id", "xid"])
    op.create_index(op.f("ix_post_changes_at"), "post_changes", ["at"])
    op.execute(FUNCTION)
    for name, (event, rows) in EVENTS.items():
        op.execute(TRIGGER.format(name=name, event=event, rows=rows))
        # Also while an import has the checks of keys rest, since it keeps them itself.
        op.execute(f"ALTER TABLE posts ENABLE ALWAYS TRIGGER note_{name}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in EVENTS:
        op.execute(f"DROP TRIGGER note_{name} ON posts")
    op.execute("DROP FUNCTION note_changed_posts()")
    op.drop_table("post_changes")
