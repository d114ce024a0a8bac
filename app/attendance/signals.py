"""News of attendance, sent inside the transaction that makes it true."""

from blinker import signal

changed = signal("attendance.news")  # session, organization_ids: somebody clocked in or out there
