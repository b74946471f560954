"""Imports that are checked first, paused, made of several files and undone; further inputs of posts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "b2d40c6f1a97"
down_revision: str | None = "71ec66a8d628"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("imports", sa.Column("origin", sa.Text(), server_default="upload", nullable=False))
    op.add_column("imports", sa.Column("options", JSON, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("imports", sa.Column("files", JSON, server_default=sa.text("'[]'"), nullable=False))
    op.add_column("imports", sa.Column("check_result", JSON, nullable=True))
    op.add_column(
        "imports", sa.Column("pause_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("imports", sa.Column("undo", JSON, nullable=True))
    op.add_column("imports", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("import_problems", sa.Column("file_name", sa.Text(), nullable=True))
    op.add_column("import_problems", sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("posts", sa.Column("import_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_posts_user_id_import_id",
        "posts",
        ["user_id", "import_id"],
        unique=False,
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_table(
        "import_previews",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("item", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_previews_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "bucket", "number", name=op.f("pk_import_previews")),
    )
    op.create_table(
        "import_changes",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("brought", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_changes_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "post_id", name=op.f("pk_import_changes")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_user_id"), "uploads", ["user_id"], unique=False)
    op.create_table(
        "post_edges",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("input_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "post_id"],
            ["posts.user_id", "posts.id"],
            name=op.f("fk_post_edges_user_id_post_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "post_id", "role", "position", name=op.f("pk_post_edges")),
    )
    op.create_index(
        "ix_post_edges_user_id_input_id",
        "post_edges",
        ["user_id", "input_id"],
        unique=False,
        postgresql_where=sa.text("input_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("post_edges")
    op.drop_table("uploads")
    op.drop_table("import_changes")
    op.drop_table("import_previews")
    op.drop_index("ix_posts_user_id_import_id", table_name="posts")
    op.drop_column("posts", "import_id")
    op.drop_column("import_problems", "fixed_at")
    op.drop_column("import_problems", "file_name")
    for name in ("undone_at", "undo", "pause_requested", "check_result", "files", "options", "origin"):
        op.drop_column("imports", name)
