"""`manage.py assemble_report`: a report from a shell, the same as the pages make.

With `--output` it writes one file at once and needs no worker. Without, it asks for the report as
the pages do, in the background with all files in one language, and shows how far the work is.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from focus_areas.models import Period
from focus_areas.queries import period as period_of
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.storing import write_whole
from habitat_plan.kit.wording import LANGUAGES
from jobs import embedded
from organization.models import User
from reporting import services
from reporting.document import from_json
from reporting.kinds import KINDS, ReportKind
from reporting.management.following import Following
from reporting.models import Report, ReportDocument
from reporting.rendering import FORMATS, render


class Command(BaseCommand):
    """Writes one file. An issued report is taken as it was frozen; any other is assembled anew."""

    help = (
        "Assemble a report and write it in one language and format; without --output, have it "
        "assembled in the background with all its files and follow the work."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Kind, period, language, format, file, and who confirms what is missing."""
        parser.add_argument("kind", help=f"one of: {', '.join(KINDS)}")
        parser.add_argument("--period", required=True, help="such as 2016-2017")
        parser.add_argument("--language", default="en", help=f"one of: {', '.join(LANGUAGES)}")
        parser.add_argument("--format", default="pdf", help=f"one of: {', '.join(FORMATS)}")
        parser.add_argument("--output", type=Path, help="the file to write, at once")
        parser.add_argument("--by", help="e-mail address of the quality assurance officer")
        parser.add_argument(
            "--confirm-gaps",
            action="store_true",
            help="print figures that are not approved as not reported",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with a sentence and exit code 1 if a rule forbids it; writes all or nothing."""
        self.refuse_unknown("language", options["language"], LANGUAGES)
        self.refuse_unknown("format", options["format"], FORMATS)
        output: Path | None = options["output"]
        if output is not None and (not output.resolve().parent.is_dir() or output.is_dir()):
            raise CommandError(f"{output} cannot be written. Name a file in a folder that exists.")
        try:
            if output is None:
                self.follow(options)
            else:
                self.write(output, options)
        except RuleBroken as broken:
            lines = [str(broken.message), *(f"  {detail}" for detail in broken.details)]
            if broken.code == "gaps":
                lines.append("To confirm, add: --confirm-gaps --by ADDRESS")
            raise CommandError("\n".join(lines)) from broken

    def write(self, output: Path, options: dict[str, Any]) -> None:
        """One file, made by this process."""
        row = self.document(options)
        content = render(from_json(row.content.encode()), options["language"], options["format"])
        try:
            write_whole(output.resolve(), content, mode=0o644)
        except OSError as error:
            raise CommandError(
                f"{output} cannot be written: {error.strerror}. Name another file."
            ) from error
        self.stdout.write(f"{output}: {len(content):,} bytes, document {row.sha256[:16]}")

    def follow(self, options: dict[str, Any]) -> None:
        """All files in one language, made by workers; without a broker by those of this process."""
        kind, period = self.turn(options)
        services.require_complete(kind=kind, period=period, confirmed=options["confirm_gaps"])
        by = self.officer(options)
        services.request_assembly(
            kind=kind.code,
            period=period,
            by=by,
            at=timezone.now(),
            language=options["language"],
            confirm_gaps=options["confirm_gaps"],
        )
        if settings.EMBEDDED:
            embedded.start(scheduled=False)
        try:
            report = Report.objects.get(kind=kind.code, period=period, corrects=None)
            Following(self.stdout).follow(report, by)
        finally:
            # No job of this report is under way; another's lease runs out by itself.
            embedded.stop(seconds=0.1)

    def refuse_unknown(self, what: str, given: str, known: Sequence[str]) -> None:
        """Refuses before anything is assembled."""
        if given not in known:
            raise CommandError(f"{given} is not a {what}. Choose one of: {', '.join(known)}.")

    def turn(self, options: dict[str, Any]) -> tuple[ReportKind, Period]:
        """The kind and the period, if the one is made for the other."""
        found = period_of(options["period"])
        if found is None:
            raise CommandError(
                f"{options['period']} is not a period of the plan. Write a biennium, "
                "such as 2016-2017. If no plan is loaded yet, run: manage.py load_plan"
            )
        return services.kind_for(options["kind"], found), found

    def officer(self, options: dict[str, Any]) -> User:
        """Who assembles the report; the services ask whether the person may."""
        by = User.objects.filter(email=(options["by"] or "").lower()).first()
        if by is None:
            raise CommandError("Say who assembles the report: --by ADDRESS of the officer.")
        return by

    def document(self, options: dict[str, Any]) -> ReportDocument:
        """The issued document, or a new one made by the officer named."""
        kind, period = self.turn(options)
        issued = Report.objects.filter(
            kind=kind.code, period=period, corrects=None, state=Report.State.ISSUED
        ).first()
        if issued is not None and issued.document is not None:
            return issued.document
        services.require_complete(kind=kind, period=period, confirmed=options["confirm_gaps"])
        return services.assemble_now(
            kind=kind,
            period=period,
            confirm_gaps=options["confirm_gaps"],
            by=self.officer(options),
            at=timezone.now(),
        )
