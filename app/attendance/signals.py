"""News of attendance, sent inside the transaction that makes it true."""

from blinker import signal

changed = signal("attendance.news")  # session, organization_ids: somebody clocked in or out there
work_left = signal("attendance.work_left")  # session: too much was deleted or brought back for one request
