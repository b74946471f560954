"""Presets: filters with a way to look at what they find, kept by name."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit import clock
from sovia.kit.db import Base


class Preset(Base):
    """A filter and a view of it under a name; at most one per user is applied when the gallery opens."""

    __tablename__ = "presets"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(Text)
    filter: Mapped[str] = mapped_column(Text, server_default="")
    view: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        Index("ix_presets_user_id_created_at", "user_id", "created_at"),
        Index("uq_presets_default", "user_id", unique=True, postgresql_where=text("is_default")),
    )
