"""Deadlines: how near a due date is, what somebody has to do, and a feed of it for calendar programs."""
