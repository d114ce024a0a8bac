"""Commands of `flask --app wsgi ...`: a few lines around a service each."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from config import load_settings

from . import demo, jobs, migrate
from .audit import anchors, verify
from .clock import clock
from .db import service_work


def init_app(app: Flask) -> None:
    app.cli.add_command(migrate_command)
    app.cli.add_command(demo_command)
    app.cli.add_command(verify_audit_command)
    for name, job in jobs.jobs_of(app).items():
        app.cli.add_command(_cleanup_command(name, job))


def _cleanup_command(name: str, job: jobs.Job) -> click.Command:
    """Also what the site does by itself from time to time."""

    def do() -> None:
        click.echo(jobs.run(job))
        current_app.extensions["presence_runtime"].journal.flush()  # of logins that ended

    words = ", ".join(chore.done for chore in job.chores)
    help_text = f"Do what is due ({words}) and say what was done. Safe to run twice, or on two machines."
    return click.Command(name, callback=with_appcontext(do), help=help_text)


@click.command("migrate")
@click.option("--revision", default="head", help="Where to; default: the newest.")
def migrate_command(revision: str) -> None:
    """Bring the database of MIGRATION_DATABASE_URL (or DATABASE_URL) to the newest shape."""
    migrate.upgrade(migrate.address(), revision)
    click.echo("The database is up to date.")


@click.command("demo")
def demo_command() -> None:
    """Fill an empty database with demo data. Refused in production: everybody knows the password."""
    if load_settings().is_production:
        raise click.ClickException("WORKHUB_ENV is production: demo people have a password everybody knows.")
    with service_work() as session:
        made = demo.seed(session, clock.now())
    click.echo(demo.LOGINS if made else "There are people already; nothing was changed.")


@click.command("verify-audit")
@click.option("--anchor", type=click.Path(path_type=Path), help="Compare with the tips in this file.")
@click.option("--write-anchor", type=click.Path(path_type=Path), help="If all is well, write the tips there.")
def verify_audit_command(anchor: Path | None, write_anchor: Path | None) -> None:
    """Walk the whole audit trail; exit code 1 when anything in it was changed.

    Keep the anchor where the owner of the database cannot write.
    """
    try:
        known = anchors.read(anchor) if anchor else {}
    except (OSError, ValueError) as error:
        raise click.ClickException(f"The anchor {anchor} cannot be read: {error}") from None
    tips, broken = {}, 0
    for verdict in verify.verdicts(known):
        tips[verdict.organization_id] = verdict.tip
        broken += verdict.problem is not None
        found = f"BROKEN at {verdict.problem}" if verdict.problem else f"ok, {verdict.tip.seq} events"
        click.echo(f"{verdict.organization_id} {verdict.name}: {found}")
    if broken:
        raise click.ClickException(f"{broken} of {len(tips)} chains are not as they were written.")
    if write_anchor:
        anchors.write(write_anchor, tips)
    click.echo(f"{len(tips)} chains are as they were written.")
