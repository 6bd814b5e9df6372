"""`manage.py verify_recommendations`: proves that lists show what follows from the history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluations.services import stands


class Command(BaseCommand):
    """Computes where each recommendation stands from its answers, actions and follow-ups anew."""

    help = "Check where recommendations stand against their answers, actions and follow-ups."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only compares, unless asked to write."""
        parser.add_argument(
            "--renew", action="store_true", help="write all rows anew instead of comparing them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with an error that names the recommendations whose row differs."""
        if options["renew"]:
            count = stands.refresh_all()
            self.stdout.write(f"{count} recommendations were written anew.")
            return
        differing = stands.differing()
        if differing:
            raise CommandError(
                f"Not what follows from the history: {', '.join(differing)}. "
                "Run this command with --renew, and find out who wrote past the services."
            )
        self.stdout.write("All recommendations stand where their history says.")
