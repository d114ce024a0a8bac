"""Commands of `flask --app wsgi ...`: a few lines around a service each."""

import click
from flask import Flask

from config import load_settings

from . import demo, migrate
from .clock import clock
from .db import service_work


def init_app(app: Flask) -> None:
    app.cli.add_command(migrate_command)
    app.cli.add_command(demo_command)


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
