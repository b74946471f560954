"""Clips are known by their first and last frame."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e9b1d47ac052"
down_revision: str | None = "c4d9a1e07f32"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "clip_frames",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("thumbnail", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=True),
        sa.Column("last", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_clip_frames_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "thumbnail", name=op.f("pk_clip_frames")),
    )
    op.create_index("ix_clip_frames_user_id_last", "clip_frames", ["user_id", "last"])


def downgrade() -> None:
    op.drop_table("clip_frames")
