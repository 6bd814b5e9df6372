"""Run as a script in a drill: does with reports what it is told, and forks who is to be killed."""

import os
import select
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import drill_control  # sets Django up
from demonstration_data import AT, load
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from drill_control import answer, command, forked, main, ringing

from focus_areas.models import Period
from jobs import services as jobs
from organization.models import User
from reporting import services, storage
from reporting.assembly import compose, take
from reporting.document import SCHEMA_VERSION, fingerprint, from_json, to_json
from reporting.kinds import KINDS, RENDER
from reporting.models import Rendering, Report, ReportDocument
from reporting.queries.verification import verify

KIND, PERIOD = "biennial_progress", "2016-2017"
SYMBOL, DATED = "HSP/GC/27/9", date(2019, 3, 4)
LONGEST = 120
"""Seconds that anything may take on the slowest machine."""


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example.org")


def turn(kind: str, period: str) -> dict[str, Any]:
    return {"kind": kind, "period": Period.objects.get(code=period)}


@command
def fill() -> None:
    """Loads the plan and the demonstration."""
    drill_control.migrate()
    load(AT)


@command
def collect_statics() -> None:
    """Pages name their style by its hash."""
    call_command("collectstatic", verbosity=0, interactive=False)


@ringing
def ask(kind: str = KIND, period: str = PERIOD, language: str = "en") -> int:
    """The officer asks for a report."""
    return services.request_assembly(
        **turn(kind, period), by=person("qa"), at=timezone.now(), language=language,
        confirm_gaps=True,
    ).pk  # fmt: skip


def report(kind: str = KIND, period: str = PERIOD) -> Report:
    return Report.objects.get(kind=kind, period__code=period)


@command
def clear(kind: str = KIND, period: str = PERIOD) -> None:
    services.clear(
        report=report(kind, period), by=person("editor"), at=timezone.now(), confirm_open=True
    )


@ringing
def issue(kind: str = KIND, period: str = PERIOD, symbol: str = SYMBOL) -> int:
    """The editor issues it; how many files are asked for."""
    issued = services.issue(
        report=report(kind, period), symbol=symbol, dated=DATED, by=person("editor"),
        at=timezone.now(),
    )  # fmt: skip
    return len(issued)


@command
def issue_apart() -> int:
    """The same in a process of its own, which may be killed in the middle."""
    return forked(lambda: print(answer({"do": "issue"}), flush=True))


@command
def issue_up_to_its_end() -> int:
    """The same, with all of it written and nothing committed: it waits there to be killed."""
    waited, told = os.pipe()

    def issue_and_wait() -> None:
        with transaction.atomic():
            if "is" in answer({"do": "issue"}):
                os.write(told, b".")
            time.sleep(LONGEST)
            raise TimeoutError("nobody killed it")

    number = forked(issue_and_wait)
    os.close(told)
    reached, _, _ = select.select([waited], [], [], LONGEST)
    is_there = bool(reached) and os.read(waited, 1) == b"."
    os.close(waited)
    assert is_there, "the issue ended before its end"
    return number


@ringing
def cancel_work(kind: str = KIND, period: str = PERIOD) -> int:
    return services.cancel_work(report=report(kind, period), by=person("editor"), at=timezone.now())


@ringing
def retry_work(kind: str = KIND, period: str = PERIOD) -> int:
    return services.retry_work(report=report(kind, period), by=person("editor"), at=timezone.now())


@command
def report_of(slug: str) -> list[Any]:
    """The report's state, its symbol and the numbers of its documents."""
    one = Report.objects.get(slug=slug)
    return [one.state, one.symbol, [row.number for row in one.documents.all()]]


@command
def hash_of(slug: str, number: int) -> str:
    return ReportDocument.objects.get(report__slug=slug, number=number).sha256


@command
def files_of(slug: str) -> list[list[str]]:
    """Language and format of each file of a report's newest document."""
    rows = Rendering.objects.filter(document=Report.objects.get(slug=slug).document)
    return [
        list(row) for row in rows.order_by("language", "format").values_list("language", "format")
    ]


@command
def wrong_files() -> list[str]:
    """Files that are missing, altered, or that nobody made."""
    recorded = {
        f"{sha256}.{format}" for sha256, format in Rendering.objects.values_list("sha256", "format")
    }
    # What was killed while it wrote has a name without a point.
    stored = {path.name for path in Path(default_storage.path("renderings")).rglob("*.*")}
    whole = {name for name in recorded if storage.read(*name.split(".")) is not None}
    return sorted(stored ^ recorded | recorded - whole)


@command
def expected_hash() -> str:
    """The hash of the working copy as this process, which nobody kills, composes it."""
    snapshot = take(kind=KINDS[KIND], period=Period.objects.get(code=PERIOD), at=timezone.now(),
                    report=report())  # fmt: skip
    return fingerprint(compose(snapshot))


@ringing
def render_another(
    number: int, languages: list[str], formats: list[str], kind: str, period: str
) -> int:
    """Asks for files of a document like the report's, under another symbol; how many."""
    one = report(kind, period)
    document = from_json(one.document.content.encode())
    other = replace(document, masthead=replace(document.masthead, symbol=f"HSP/{number}"))
    row = ReportDocument.objects.create(
        report=one, number=1000 + number, schema_version=SCHEMA_VERSION,
        content=to_json(other).decode(), sha256=fingerprint(other), assembled_at=timezone.now(),
        gaps=[],
    )  # fmt: skip
    asked = {
        f"{number}:{language}.{format}": {
            "document": row.pk, "language": language, "format": format,
        }
        for language in languages
        for format in formats
    }  # fmt: skip
    return len(jobs.enqueue_all(kind=RENDER, asked=asked, by=None, at=timezone.now()))


@command
def differences() -> list[str]:
    """What `verify_report` finds: every file made again and compared."""
    return [f"{one.what}: {one.line}" for one in verify(report()) if one.differences]


@command
def page(name: str, address: str, post: dict[str, str] | None = None) -> list[Any]:
    """What a person gets at an address: status and words."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(person(name))
    asked = client.get(address) if post is None else client.post(address, post)
    return [asked.status_code, asked.content.decode()]


if __name__ == "__main__":
    sys.exit(main())
