"""The index of roots by date also holds what a tile shows, so that a gallery's index need not read the posts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a7c3e95d10b4"
down_revision: str | None = "f5a1c0de7e57"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "ix_posts_roots_by_date"
KEYS = ["user_id", sa.literal_column("created_at DESC NULLS LAST"), sa.literal_column("id DESC")]
ROOTS = sa.text("parent_id IS NULL AND deleted_at IS NULL")
SHOWN = ["kind", "ratio", "liked", "media_state", "child_count", "thumbnail", "added_at", "duration_seconds"]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(NAME, table_name="posts")
    op.create_index(NAME, "posts", KEYS, postgresql_where=ROOTS, postgresql_include=SHOWN)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(NAME, table_name="posts")
    op.create_index(NAME, "posts", KEYS, postgresql_where=ROOTS)
