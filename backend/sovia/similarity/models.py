"""What pictures look like, in a few bytes each."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from sovia.kit.db import Base


class PicturePrint(Base):
    """The look of one thumbnail, by the name that posts have it under (`posts.thumbnail`); see `similarity.prints`.

    `number` grows with every row, so that what came since one looked is read alone. `structure` is 64 bits of which
    neighbouring places are brighter, `colours` the mean colours of nine fields; a picture that cannot be read has none.
    """

    __tablename__ = "picture_prints"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    thumbnail: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    structure: Mapped[int | None] = mapped_column(BigInteger)
    colours: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_picture_prints_user_id_number", "user_id", "number"),)
