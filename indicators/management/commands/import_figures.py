"""`manage.py import_figures`: figures from a file, by the rules of the page, for an operator."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from tablib import Dataset

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.tables.limits import JOB_LIMITS, TableRefused
from indicators.resources import FigureResource
from indicators.spreadsheets.reading import FileContent, read_file
from indicators.spreadsheets.sheets import FIGURES
from organization.models import Office, User


class Command(BaseCommand):
    """Shows what a file would change; saves it, whole or not at all, if that is asked for."""

    help = "Show what a file of figures (.xlsx, .csv) would change; with --save, save it."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, in whose name, and what the rows stand for that name no office or year."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="E-mail address of a contributor.")
        parser.add_argument("--office", help="Code of the office, if the file names none.")
        parser.add_argument("--period", help="The year, if the file names none.")
        parser.add_argument("--language", default="en", help="How numbers are written.")
        parser.add_argument("--save", action="store_true", help="Save what is shown.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with a line for each refused row; nothing is saved then."""
        language = options["language"]
        with translation.override(language):
            try:
                result = FigureResource().import_data(
                    _dataset(_read(options["file"], language)),
                    dry_run=not options["save"],
                    by=User.objects.get(email=options["by"]),
                    at=timezone.now(),
                    language=language,
                    office=Office.objects.filter(code=options["office"]).first(),
                    period=Period.objects.filter(code=options["period"]).first(),
                )
            except RuleBroken as broken:
                raise CommandError(str(broken.message)) from broken
            except TableRefused as refused:
                raise CommandError(refused.sentence) from refused
            refusals = [error for row in result.rows for error in row.errors]
            if refusals:
                told = "\n".join(f"row {one.number}: {one.error.message}" for one in refusals)
                raise CommandError(f"{told}\nNothing was saved.")
        done = "Saved" if options["save"] else "Would be saved"
        totals = result.totals
        self.stdout.write(
            f"{done}: {totals['new']} new, {totals['update']} changed, "
            f"{totals['skip']} as they are."
        )


def _read(file: Path, language: str) -> FileContent:
    return read_file(
        file.read_bytes(), name=file.name, kind="figures", language=language, limits=JOB_LIMITS
    )


def _dataset(content: FileContent) -> Dataset:
    """The sheet of figures as a dataset. Raises RuleBroken for a cell that cannot be used."""
    keys = [column.key for column in FIGURES.columns if column.is_read]
    data = Dataset(headers=["row", *keys])
    for row in content.rows["figures"]:
        if row.refusal is not None:
            raise row.refusal
        data.append([row.number, *(row.texts.get(key) for key in keys)])
    return data
