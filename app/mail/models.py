"""Messages that wait to be sent. They may hold links that are secrets: a message is deleted once it is sent,
or given up, and the request role has no right to the table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, new_id


class OutgoingMail(Base):
    __tablename__ = "outgoing_mails"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient: Mapped[str]
    subject: Mapped[str]
    body_text: Mapped[str]
    body_html: Mapped[str]
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    next_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]
