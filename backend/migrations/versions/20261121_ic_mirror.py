"""Mirrors of the media, and what lies in them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1c5e0d7a9b24"
down_revision: str | None = "19a7be02c4d8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "mirrors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("set_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem_code", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mirrors")),
        sa.UniqueConstraint("location", name=op.f("uq_mirrors_location")),
    )
    op.create_table(
        "mirrored_files",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mirror_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("e_tag", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mirror_id"], ["mirrors.id"], name=op.f("fk_mirrored_files_mirror_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mirrored_files_user_id")),
        sa.PrimaryKeyConstraint("user_id", "mirror_id", "place", name=op.f("pk_mirrored_files")),
    )


def downgrade() -> None:
    op.drop_table("mirrored_files")
    op.drop_table("mirrors")
