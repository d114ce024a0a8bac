"""Periodic work: what is done, how often, and that of all processes and machines one does it at a time.

Each job is also a command. It works in short transactions, each under an advisory lock of PostgreSQL: whoever
does not get it leaves the work to whoever has it. Doing a job twice is the same as doing it once.
"""

import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from .accounts import sweep
from .attendance import clocking, deletions
from .attendance.signals import work_left
from .boards import trash
from .clock import clock
from .db import after_commit, service_work
from .errors import Unavailable
from .mail import send_due
from .members.cleanup import delete_old_links
from .notifications import digest, due_soon, service
from .presence import cleanup

log = logging.getLogger(__name__)

HALF_A_MINUTE, FIVE_MINUTES, HOUR = 30.0, 300.0, 3600.0
FIRST_SECONDS = 30  # after the start; spread, because machines are often restarted together
MOST_ROUNDS = 10_000
LARGE_DELETIONS, TRIES = "finish-deletions", 5
_LOCK = text("select pg_try_advisory_xact_lock(hashtext('workhub job'), hashtext(:name))")


class Chore(NamedTuple):
    """`do` does some of it and says how much; it is called again until there is nothing left."""

    done: str  # what to call it: "5 logins ended"
    do: Callable[[Session, datetime], int]


class Job(NamedTuple):
    name: str
    every_seconds: float
    chores: tuple[Chore, ...]


def jobs_of(app: Flask) -> dict[str, Job]:
    """By name, which is that of the command too."""
    limits, runtime = app.extensions["identifier"].limits, app.extensions["presence_runtime"]

    def end_logins(session: Session, now: datetime) -> int:
        return len(sweep.end_dead_logins(session, now=now, limits=limits))

    sessions = (
        Chore("logins ended that were over", end_logins),
        Chore("links deleted that were over", delete_old_links),
        Chore("ended logins deleted", lambda session, now: sweep.delete_old_logins(session, now=now)),
    )
    boards = (Chore("deleted boards, lists and tasks gone for good", trash.drop_deleted),)
    attendance = (
        Chore(
            "attendance sessions closed",
            lambda session, now: clocking.close_dead_segments(session, now=now, limits=limits),
        ),
        Chore("deleted ones gone for good", lambda session, now: deletions.purge(session, now=now)),
    )
    large_deletions = (
        Chore("sessions deleted or brought back", lambda session, now: deletions.go_on(session, now=now)),
    )
    presence = (
        Chore("people gone with a process that died", lambda s, now: cleanup.end_ghosts(s, runtime, now)),
        Chore("former members shown as offline", cleanup.end_former_members),
        Chore("statuses cleared that had ended", cleanup.clear_expired_choices),
    )
    online = (
        Chore(
            "people whose last seen was caught up",
            lambda session, now: cleanup.catch_up_last_seen(session, now, runtime.people.mark_life),
        ),
    )
    jobs = (
        Job("cleanup-boards", FIVE_MINUTES, boards),
        Job("cleanup-sessions", HOUR, sessions),
        Job("cleanup-attendance", FIVE_MINUTES, attendance),
        Job(LARGE_DELETIONS, FIVE_MINUTES, large_deletions),
        Job("cleanup-presence", FIVE_MINUTES, presence),
        Job("cleanup-online-status", FIVE_MINUTES, online),
        *_news(app),
    )
    return {job.name: job for job in jobs}


def _news(app: Flask) -> tuple[Job, ...]:
    """What people are told without asking, in the app and by mail."""
    mail = (
        Chore(
            "people written to of what waited for them",
            lambda session, now: digest.write_one(session, now, site_url=app.config["SITE_URL"]),
        ),
        Chore("mails taken out of the outbox", send_due),
    )
    notifications = (
        Chore("people told of what is due soon", due_soon.remind),
        Chore("old notifications deleted", service.delete_old),
    )
    return (
        Job("send-notifications", FIVE_MINUTES, notifications),
        Job("send-mail", HALF_A_MINUTE, mail),
    )


def run(job: Job) -> str:
    """What was done, in words."""
    words = []
    for chore in job.chores:
        done = _do_all(job, chore)
        if done is None:
            return f"{job.name}: another process is doing it"
        words.append(f"{done} {chore.done}")
    return f"{job.name}: {', '.join(words)}"


def start(app: Flask, start_task: Callable[..., Any]) -> None:
    jobs = jobs_of(app)
    for job in jobs.values():
        start_task(_run_forever, job)

    def finish_deletion(_sender: object, session: Session) -> None:
        after_commit(session, lambda: start_task(_run_soon, jobs[LARGE_DELETIONS]))

    work_left.connect(finish_deletion, weak=False)


def _run_forever(job: Job) -> None:
    time.sleep(FIRST_SECONDS + secrets.randbelow(FIRST_SECONDS))
    while True:
        try:
            log.info("job_done", extra={"job": job.name, "done": run(job)})
        except Unavailable:
            log.warning("job_not_done", extra={"job": job.name})
        except Exception:
            log.exception("job_failed", extra={"job": job.name})
        time.sleep(job.every_seconds)


def _run_soon(job: Job) -> None:
    """Whoever is at it may have looked for more just before there was more: they are asked again."""
    for _ in range(TRIES):
        try:
            done = run(job)
        except Unavailable:
            done = f"{job.name}: the database is away"
        log.info("job_done", extra={"job": job.name, "done": done})
        time.sleep(1)


def _do_all(job: Job, chore: Chore) -> int | None:
    """None when somebody else is at it."""
    total = 0
    for _ in range(MOST_ROUNDS):
        with service_work() as session:
            if not session.scalar(_LOCK, {"name": job.name}):
                return None
            done = chore.do(session, clock.now())
        total += done
        if not done:
            break
    return total
