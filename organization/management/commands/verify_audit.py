"""`manage.py verify_audit`: proves that nobody altered or removed an audit entry."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organization.services import audit


class Command(BaseCommand):
    """Walks the hash chain from the first entry to the last."""

    help = "Check that no entry of the audit trail was altered or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with an error that names the first entry that does not fit."""
        broken = audit.verify()
        if broken is not None:
            raise CommandError(
                f"Entry {broken} of the audit trail was altered or is missing. "
                "Compare the database with the last backup before it."
            )
        self.stdout.write("The audit trail is whole.")
