"""An index of prompts, so that distinct ones are counted without reading posts; what pictures look like."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d4a1c07be253"
down_revision: str | None = "98ee751b5aad"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_posts_prompts",
        "posts",
        ["user_id", "prompt_hash", sa.text("created_at DESC NULLS LAST"), sa.text("id DESC")],
        unique=False,
        postgresql_include=["mode"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "picture_prints",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("thumbnail", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("structure", sa.BigInteger(), nullable=True),
        sa.Column("colours", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_picture_prints_user_id")),
        sa.PrimaryKeyConstraint("user_id", "thumbnail", name=op.f("pk_picture_prints")),
    )
    op.create_index("ix_picture_prints_user_id_number", "picture_prints", ["user_id", "number"], unique=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("picture_prints")
    op.drop_index("ix_posts_prompts", table_name="posts")
