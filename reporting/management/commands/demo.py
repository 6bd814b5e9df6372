"""`manage.py demo`: from an empty folder to an issued biennial progress report, in one go."""

import secrets
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluations.services.demonstration import load_learning
from focus_areas.models import Period
from habitat_plan.kit.catalogues import compile_all
from habitat_plan.kit.storing import write_whole
from indicators.services import demonstration
from jobs import embedded
from organization.models import User
from reporting import queries, services
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.management.following import Following
from reporting.models import Report
from reporting.services.demonstration import write_demonstration

PERIOD = "2016-2017"
SYMBOL = "DEMO/HSP/GC/2018/1"
ISSUED_ON = date(2018, 4, 23)


class Command(BaseCommand):
    """Sets the demonstration up and leaves its files in the data folder. Safe to run again."""

    help = "Load the plan and demonstration data, assemble and issue the biennial report."
    # The worker that this command starts makes the same checks.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads, assembles in the background, issues, and says where everything is."""
        if not settings.EMBEDDED:
            raise CommandError(
                "The demonstration runs with SQLite. Unset DATABASE_URL and REDIS_URL first."
            )
        compile_all()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("load_plan", stdout=self.stdout)
        password = self.password()
        fixtures = settings.BASE_DIR / "fixtures"
        demonstration.load_demonstration(fixtures=fixtures, password=password, at=timezone.now())
        load_learning(fixtures=fixtures, at=timezone.now())
        # Reminders are the server's: nobody wants them between the lines of this command.
        embedded.start(scheduled=False)
        try:
            report = self.issued_report()
        finally:
            # No job is under way: the worker's thread may end with the process.
            embedded.stop(seconds=0.1)
        self.files(report)
        self.logins(password)

    def password(self) -> str:
        """One random password for all demonstration accounts, kept with the data."""
        kept = settings.DATA_DIR / "demo-password"
        if not kept.exists():
            write_whole(kept, secrets.token_urlsafe(12).encode(), mode=0o600)
        return str(kept.read_text())

    def issued_report(self) -> Report:
        """The report, made through the same services as the pages; made once."""
        period = Period.objects.get(code=PERIOD)
        officer, editor = self.person("qa"), self.person("editor")
        following = Following(self.stdout)
        report = Report.objects.filter(kind=BIENNIAL_PROGRESS.code, period=period).first()
        if report is None or report.state == Report.State.PLANNED:
            self.write(period, editor)
            self.assemble(period, officer)
            report = Report.objects.get(kind=BIENNIAL_PROGRESS.code, period=period)
            following.follow(report, officer)
            report.refresh_from_db()
        if report.state == Report.State.ASSEMBLED:
            report = services.clear(
                report=report, by=editor, at=timezone.now(), confirm_open=True
            )
        if report.state == Report.State.CLEARED:
            services.issue(
                report=report, symbol=SYMBOL, dated=ISSUED_ON, by=editor, at=timezone.now()
            )
        # Also what an interrupted first run left to be made.
        following.follow(report, editor)
        return Report.objects.get(pk=report.pk)

    def write(self, period: Period, editor: User) -> None:
        """The texts of the demonstration, so that sections, bound figures, languages are seen."""
        at, kind = timezone.now(), services.kind_for(BIENNIAL_PROGRESS.code, period)
        report = services.plan_report(kind=kind, period=period, by=editor, at=at)
        fixtures = settings.BASE_DIR / "fixtures"
        write_demonstration(report=report, fixtures=fixtures, editor=editor, at=at)

    def assemble(self, period: Period, officer: User) -> None:
        """Names what is not approved, confirms as the officer, and asks for the report."""
        kind = services.kind_for(BIENNIAL_PROGRESS.code, period)
        for sentence in services.require_complete(kind=kind, period=period, confirmed=True):
            self.stdout.write(f"Not approved, printed as not reported: {sentence}")
        services.request_assembly(
            kind=kind.code,
            period=period,
            by=officer,
            at=timezone.now(),
            language="en",
            confirm_gaps=True,
        )

    def person(self, name: str) -> User:
        """A person of the demonstration."""
        return User.objects.get(email=f"{name}@{demonstration.DOMAIN}")

    def files(self, report: Report) -> None:
        """Copies the files under names a person can read, and says where they are."""
        if report.document is None:
            raise CommandError("The report has no document.")
        folder = settings.DATA_DIR / "demo"
        folder.mkdir(exist_ok=True)
        self.stdout.write(f"\n{report.symbol}, document {report.document.sha256[:16]}:")
        editor = self.person("editor")
        for rendering in report.document.renderings.all():
            found = queries.rendering_file(
                report.slug, rendering.language, rendering.format, editor
            )
            if found is not None:
                name: Path = folder / found.filename
                write_whole(name, found.content, mode=0o644)
                self.stdout.write(f"  {name}")

    def logins(self, password: str) -> None:
        """Who may sign in, and with which password."""
        self.stdout.write(f"\nSign in with the password {password} as")
        for name, role in (
            ("roap.enter", "contributor: figures of 2017 were returned"),
            ("urcdb.approve", "approver: a submission waits"),
            ("qa", "quality assurance officer"),
            ("editor", "report editor"),
            ("evaluation", "evaluation officer: closures wait to be verified"),
            ("manager", "manager"),
            ("committee", "Committee representative"),
        ):
            self.stdout.write(f"  {name}@{demonstration.DOMAIN:<20} {role}")
