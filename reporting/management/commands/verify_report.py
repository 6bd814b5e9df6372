"""`manage.py verify_report SYMBOL`: proves that an issued report is what it was when issued."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.models import Report
from reporting.queries.verification import DOCUMENT, NOT_MADE, verify


class Command(BaseCommand):
    """Reads the stored document, makes every file anew from it, and compares all hashes."""

    help = "Check that an issued report and its files are what they were when it was issued."

    def add_arguments(self, parser: CommandParser) -> None:
        """One symbol or several, or all."""
        parser.add_argument("symbols", nargs="*", metavar="SYMBOL", help="such as HSP/GC/27/9")
        parser.add_argument("--all", action="store_true", help="every issued report")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each thing checked; exits with 1 and a sentence that names what differs."""
        reports = self.reports(options["symbols"], every=options["all"])
        different, files = [], 0
        for report in reports:
            self.stdout.write(f"{report.symbol} ({report.slug})")
            for finding in verify(report):
                self.stdout.write(f"  {finding.what}: {finding.line}")
                files += finding.what != DOCUMENT and finding.note != NOT_MADE
                if finding.differences:
                    different.append(f"{report.symbol} {finding.what}: {finding.line}")
        if different:
            raise CommandError(
                "\n".join(
                    [
                        "Not all is as it was issued. Compare the database and the files with the "
                        "last backup before the change:",
                        *different,
                    ]
                )
            )
        self.stdout.write(f"All is as it was issued: reports {len(reports)}, files {files}.")

    def reports(self, symbols: Sequence[str], *, every: bool) -> list[Report]:
        """The reports named, in the order named."""
        issued = Report.objects.filter(state=Report.State.ISSUED).select_related("document")
        if every:
            return list(issued.order_by("symbol"))
        if not symbols:
            raise CommandError("Name the symbol of an issued report, or write --all.")
        found = {report.symbol: report for report in issued.filter(symbol__in=symbols)}
        if unknown := [symbol for symbol in symbols if symbol not in found]:
            raise CommandError(
                f"No report was issued as {', '.join(unknown)}. "
                "With --all, every issued report is checked."
            )
        return [found[symbol] for symbol in dict.fromkeys(symbols)]
