"""Files that are proven to be what they were, and files that no post names."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "f5a1c0de7e57"
down_revision: str | None = "c7e1f05a9d24"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("files", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("files", sa.Column("fault", sa.Text(), nullable=True))
    op.add_column("files", sa.Column("expected_sha256", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_files_user_id_fault",
        "files",
        ["user_id", "fault"],
        unique=False,
        postgresql_where=sa.text("fault IS NOT NULL"),
    )
    op.create_table(
        "stray_files",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_stray_files_user_id")),
        sa.PrimaryKeyConstraint("user_id", "path", name=op.f("pk_stray_files")),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("stray_files")
    op.drop_index("ix_files_user_id_fault", table_name="files")
    for name in ("expected_sha256", "fault", "verified_at"):
        op.drop_column("files", name)
