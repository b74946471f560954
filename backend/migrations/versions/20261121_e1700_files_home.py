"""Media roots and what lies below them; files that are to be fetched, and how."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "c7e1f05a9d24"
down_revision: str | None = "d4a1c07be253"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "media_roots",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("is_away", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("scan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_roots")),
        sa.UniqueConstraint("path", name=op.f("uq_media_roots_path")),
    )
    op.create_table(
        "disk_folders",
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("inode", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("scan", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["root_id"], ["media_roots.id"], name=op.f("fk_disk_folders_root_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("root_id", "path", name=op.f("pk_disk_folders")),
    )
    op.create_index("ix_disk_folders_root_id_scan", "disk_folders", ["root_id", "scan"], unique=False)
    op.create_table(
        "disk_files",
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("scan", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["root_id"], ["media_roots.id"], name=op.f("fk_disk_files_root_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("root_id", "folder", "name", name=op.f("pk_disk_files")),
    )
    op.create_index("ix_disk_files_ids", "disk_files", ["ids"], unique=False, postgresql_using="gin")
    op.create_index("ix_disk_files_size_bytes", "disk_files", ["size_bytes"], unique=False)
    op.create_table(
        "downloads",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("cause", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("urgency", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_downloads_user_id")),
        sa.PrimaryKeyConstraint("user_id", "path", name=op.f("pk_downloads")),
    )
    op.create_index(
        "ix_downloads_waiting",
        "downloads",
        ["user_id", "host", sa.text("urgency DESC"), "expires_at", sa.text("made_at DESC NULLS LAST")],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_downloads_failed",
        "downloads",
        ["user_id", "cause", "host"],
        unique=False,
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_table(
        "fetch_settings",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("per_host", sa.SmallInteger(), server_default="4", nullable=False),
        sa.Column("per_second", sa.SmallInteger(), server_default="8", nullable=False),
        sa.Column("bytes_per_second", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hosts", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_fetch_settings_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_fetch_settings")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("fetch_settings", "downloads", "disk_files", "disk_folders", "media_roots"):
        op.drop_table(name)
