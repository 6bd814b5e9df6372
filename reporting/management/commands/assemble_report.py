"""`manage.py assemble_report`: a report's file from a shell, the same as the pages make."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from focus_areas.queries import period as period_of
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.storing import write_whole
from habitat_plan.kit.wording import LANGUAGES
from organization.models import User
from reporting import services
from reporting.document import from_json
from reporting.kinds import KINDS
from reporting.models import Report, ReportDocument
from reporting.rendering import FORMATS, render


class Command(BaseCommand):
    """Writes one file. An issued report is taken as it was frozen; any other is assembled anew."""

    help = "Assemble a report and write it in one language and format."

    def add_arguments(self, parser: CommandParser) -> None:
        """Kind, period, language, format, file, and who confirms what is missing."""
        parser.add_argument("kind", help=f"one of: {', '.join(KINDS)}")
        parser.add_argument("--period", required=True, help="such as 2016-2017")
        parser.add_argument("--language", default="en", help=f"one of: {', '.join(LANGUAGES)}")
        parser.add_argument("--format", default="pdf", help=f"one of: {', '.join(FORMATS)}")
        parser.add_argument("--output", type=Path, required=True, help="the file to write")
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
        output: Path = options["output"]
        if not output.resolve().parent.is_dir() or output.is_dir():
            raise CommandError(f"{output} cannot be written. Name a file in a folder that exists.")
        try:
            row = self.document(options)
            content = render(
                from_json(row.content.encode()), options["language"], options["format"]
            )
        except RuleBroken as broken:
            lines = [str(broken.message), *(f"  {detail}" for detail in broken.details)]
            if broken.code == "gaps":
                lines.append("To confirm, add: --confirm-gaps --by ADDRESS")
            raise CommandError("\n".join(lines)) from broken
        try:
            write_whole(output.resolve(), content, mode=0o644)
        except OSError as error:
            raise CommandError(
                f"{output} cannot be written: {error.strerror}. Name another file."
            ) from error
        self.stdout.write(f"{output}: {len(content):,} bytes, document {row.sha256[:16]}")

    def refuse_unknown(self, what: str, given: str, known: Sequence[str]) -> None:
        """Refuses before anything is assembled."""
        if given not in known:
            raise CommandError(f"{given} is not a {what}. Choose one of: {', '.join(known)}.")

    def document(self, options: dict[str, Any]) -> ReportDocument:
        """The issued document, or a new one made by the officer named."""
        found = period_of(options["period"])
        if found is None:
            raise CommandError(
                f"{options['period']} is not a period of the plan. Write a biennium, "
                "such as 2016-2017. If no plan is loaded yet, run: manage.py load_plan"
            )
        kind = services.kind_for(options["kind"], found)
        issued = Report.objects.filter(
            kind=kind.code, period=found, state=Report.State.ISSUED
        ).first()
        if issued is not None and issued.document is not None:
            return issued.document
        services.require_complete(kind=kind, period=found, confirmed=options["confirm_gaps"])
        by = User.objects.filter(email=(options["by"] or "").lower()).first()
        if by is None:
            raise CommandError("Say who assembles the report: --by ADDRESS of the officer.")
        return services.assemble_now(
            kind=kind, period=found, confirm_gaps=options["confirm_gaps"], by=by, at=timezone.now()
        )
