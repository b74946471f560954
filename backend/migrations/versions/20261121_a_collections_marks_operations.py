"""Collections, marks and tags of posts, operations that can be undone, presets and preferences."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "98ee751b5aad"
down_revision: str | None = "b2d40c6f1a97"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "collections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("color", sa.Text(), nullable=True),
        sa.Column("icon", sa.Text(), nullable=True),
        sa.Column("is_smart", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("smart_filters", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("alert", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sort", sa.Text(), server_default="manual", nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["collections.id"], name=op.f("fk_collections_parent_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_collections_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
    )
    op.create_index(
        "ix_collections_parent_id",
        "collections",
        ["parent_id"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index("ix_collections_user_id_name_key", "collections", ["user_id", "name_key"], unique=False)
    op.create_index("ix_collections_user_id_updated_at", "collections", ["user_id", "updated_at"], unique=False)
    op.create_table(
        "operations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="done", nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_operations_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
    )
    op.create_index("ix_operations_user_id_at", "operations", ["user_id", "at", "id"], unique=False)
    op.create_table(
        "presets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), server_default="", nullable=False),
        sa.Column("view", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presets_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presets")),
    )
    op.create_index("ix_presets_user_id_created_at", "presets", ["user_id", "created_at"], unique=False)
    op.create_index("uq_presets_default", "presets", ["user_id"], unique=True, postgresql_where=sa.text("is_default"))
    op.create_table(
        "user_preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("preferences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_preferences_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_preferences")),
    )
    op.create_table(
        "collection_items",
        sa.Column("collection_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_collection_items_collection_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id", "post_id"],
            ["posts.user_id", "posts.id"],
            name=op.f("fk_collection_items_user_id_post_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("collection_id", "post_id", name=op.f("pk_collection_items")),
    )
    op.create_index(
        "ix_collection_items_collection_id_position",
        "collection_items",
        ["collection_id", "position", "post_id"],
        unique=False,
    )
    op.create_index("ix_collection_items_user_id_post_id", "collection_items", ["user_id", "post_id"], unique=False)
    op.create_table(
        "operation_items",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("was", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operations.id"], name=op.f("fk_operation_items_operation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("operation_id", "post_id", name=op.f("pk_operation_items")),
    )
    op.create_table(
        "post_marks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id", "post_id"],
            ["posts.user_id", "posts.id"],
            name=op.f("fk_post_marks_user_id_post_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "post_id", name=op.f("pk_post_marks")),
    )
    op.create_index(
        "ix_post_marks_user_id_rating",
        "post_marks",
        ["user_id", "rating", "post_id"],
        unique=False,
        postgresql_where=sa.text("rating > 0"),
    )
    op.create_index(
        "ix_post_marks_user_id_status",
        "post_marks",
        ["user_id", "status", "post_id"],
        unique=False,
        postgresql_where=sa.text("status IS NOT NULL"),
    )
    op.create_table(
        "post_tags",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "post_id"],
            ["posts.user_id", "posts.id"],
            name=op.f("fk_post_tags_user_id_post_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "post_id", "tag", name=op.f("pk_post_tags")),
    )
    op.create_index("ix_post_tags_user_id_tag", "post_tags", ["user_id", "tag", "post_id"], unique=False)
    op.create_index(
        "ix_posts_trashed", "posts", ["user_id", "id"], unique=False, postgresql_where=sa.text("deleted_at IS NOT NULL")
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_posts_trashed", table_name="posts", postgresql_where=sa.text("deleted_at IS NOT NULL"))
    op.drop_index("ix_post_tags_user_id_tag", table_name="post_tags")
    op.drop_table("post_tags")
    op.drop_index(
        "ix_post_marks_user_id_status", table_name="post_marks", postgresql_where=sa.text("status IS NOT NULL")
    )
    op.drop_index("ix_post_marks_user_id_rating", table_name="post_marks", postgresql_where=sa.text("rating > 0"))
    op.drop_table("post_marks")
    op.drop_table("operation_items")
    op.drop_index("ix_collection_items_user_id_post_id", table_name="collection_items")
    op.drop_index("ix_collection_items_collection_id_position", table_name="collection_items")
    op.drop_table("collection_items")
    op.drop_table("user_preferences")
    op.drop_index("uq_presets_default", table_name="presets", postgresql_where=sa.text("is_default"))
    op.drop_index("ix_presets_user_id_created_at", table_name="presets")
    op.drop_table("presets")
    op.drop_index("ix_operations_user_id_at", table_name="operations")
    op.drop_table("operations")
    op.drop_index("ix_collections_user_id_updated_at", table_name="collections")
    op.drop_index("ix_collections_user_id_name_key", table_name="collections")
    op.drop_index(
        "ix_collections_parent_id", table_name="collections", postgresql_where=sa.text("parent_id IS NOT NULL")
    )
    op.drop_table("collections")
