"""Part of `make bench`: speed and memory of an import of figures, beside two ways of doing less.

The bare way writes the same rows, already read and checked, with `bulk_create`. The row-by-row way
is a plain `ModelResource` as its manual describes it. Each measurement runs in a process and a
database of its own; the ways take turns, and the quickest run of each counts.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OFFICES, INDICATORS, YEARS = 100, 200, ("2014", "2015", "2016", "2017", "2018")
SIZES = (10_000, 50_000, 100_000)
LONG = (5_000, 20_000)
"""Rows of the long files; `bench_import.py long` takes those of SIZES, or the numbers after it."""
SAMPLE = 2_000
TURNS = 3
# Processor seconds of the process: what a busy machine does beside it does not count. The work of
# the PostgreSQL server is the same for ours and bare; BENCH_CLOCK=wall counts it as well.
CLOCK = os.environ.get("BENCH_CLOCK", "processor")


def set_up() -> None:
    """An empty database with offices, indicators, open years and one person who enters them all."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    else:
        call_command("migrate", verbosity=0)
    furnish()


def furnish() -> None:
    """The rows that an import stands on."""
    import factories

    from indicators.models import Assignment, Indicator

    person = factories.person("Ana")
    result = factories.result()
    kinds = ("number", "ratio")
    measures = [
        factories.indicator(f"BE{n:03}", kind=kinds[n % 2], result=result)
        for n in range(INDICATORS)
    ]
    for year in YEARS:
        factories.window(year, by=person)
    offices = [factories.office(f"O{n:03}") for n in range(OFFICES)]
    for one in offices:
        factories.grant(person, "contributor", one)
    Assignment.objects.bulk_create(
        Assignment(indicator=measure, office=one) for one in offices for measure in measures
    )
    assert Indicator.objects.count() == INDICATORS


def lines(size: int, shift: int = 0) -> Iterator[Any]:
    """So many lines of typed texts, office by office and year by year."""
    from focus_areas.models import Period
    from indicators.models import Indicator
    from indicators.services.entry import EntryLine, Typed
    from organization.models import Office

    measures = list(Indicator.objects.all())
    offices = list(Office.objects.filter(code__startswith="O"))
    years = list(Period.objects.filter(code__in=YEARS))
    made = 0
    for office in offices:
        for year in years:
            for measure in measures:
                if made == size:
                    return
                made += 1
                number = str(made + shift)
                typed = (
                    Typed(value=f"{number}.5")
                    if measure.kind == "number"
                    else Typed(numerator=number, denominator=f"{made + shift + 1}")
                )
                yield EntryLine(measure, office, year, typed)


def ours(size: int, shift: int) -> None:
    """Texts through the core: read, checked, compared, written, recorded."""
    import factories

    from indicators.services import entry
    from organization.models import User

    person = User.objects.get(name="Ana")
    upload = factories.upload(person.assignments.first().office, by=person)
    entry.import_figures(
        lines=lines(size, shift), language="en", by=person, at=factories.NOW, upload=upload
    )


def bare(size: int, shift: int) -> None:
    """The same rows, made of numbers that need no reading, with `bulk_create` alone."""
    from decimal import Decimal

    import factories
    from django.db import transaction

    from indicators.models import Figure
    from organization.models import User

    person = User.objects.get(name="Ana")

    def rows() -> Iterator[Figure]:
        for n, line in enumerate(lines(size), start=1 + shift):
            number = (
                {"value": Decimal(n)}
                if line.indicator.kind == "number"
                else {"numerator": Decimal(n), "denominator": Decimal(n + 1)}
            )
            yield Figure(
                indicator=line.indicator, office=line.office, period=line.period,
                changed_at=factories.NOW, changed_by=person, **number,
            )

    with transaction.atomic():
        Figure.objects.bulk_create(
            rows(),
            update_conflicts=True,
            unique_fields=["indicator", "office", "period"],
            update_fields=["value", "numerator", "denominator", "changed_at", "changed_by"],
        )


def row_by_row(size: int, shift: int) -> None:
    """A plain resource of django-import-export over the model, with nothing turned off or on."""
    import factories
    from import_export import resources
    from tablib import Dataset

    from indicators.models import Figure
    from organization.models import User

    class FigureResource(resources.ModelResource):
        class Meta:
            model = Figure
            import_id_fields = ("indicator", "office", "period")

    person = User.objects.get(name="Ana")
    data = Dataset(
        headers=[
            "indicator", "office", "period", "value", "numerator", "denominator", "changed_at",
            "changed_by",
        ]
    )
    for line in lines(size, shift):
        data.append(
            [
                line.indicator.pk, line.office.pk, line.period.pk, line.typed.value,
                line.typed.numerator, line.typed.denominator, factories.NOW, person.pk,
            ]
        )
    result = FigureResource().import_data(data, raise_errors=True)
    assert not result.has_errors()


WAYS = {"ours": ours, "bare": bare, "row by row": row_by_row}


def measure(way: str, size: int) -> dict[str, float]:
    """One import of new figures and one that changes each of them, in this process."""
    set_up()
    found: dict[str, float] = {}
    for name, shift in (("new", 0), ("changed", 7)):
        start, clock = time.process_time(), time.monotonic()
        WAYS[way](size, shift)
        found[f"{name}, wall"] = time.monotonic() - clock
        found[f"{name}, processor"] = time.process_time() - start
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def in_a_process(way: str, size: int, database: str) -> dict[str, float]:
    """The measurement in a process and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="habitat-bench-") as folder:
        environ = {
            **os.environ,
            "HABITAT_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
        }
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.pop(name, None)
        if database:
            environ |= {
                "DATABASE_URL": database, "REDIS_URL": "redis://127.0.0.1:6379/9",
                "SECRET_KEY": "bench", "HABITAT_HTTPS": "0",
            }  # fmt: skip
        command = [sys.executable, str(Path(__file__)), way, str(size)]
        run = subprocess.run(
            command, check=True, cwd=ROOT, env=environ, capture_output=True, text=True
        )
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def side_by_side(name: str, database: str) -> None:
    """The three ways in turns on one database: milliseconds a row, and how they compare."""
    size = int(os.environ.get("BENCH_ROWS", SIZES[-1]))
    sizes = {"ours": size, "bare": size, "row by row": SAMPLE}
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _turn in range(TURNS):
        for way in WAYS:
            found[way].append(in_a_process(way, sizes[way], database))
    for kind in ("new", "changed"):
        row = {
            way: min(run[f"{kind}, {CLOCK}"] for run in runs) / sizes[way] * 1000
            for way, runs in found.items()
        }
        print(
            f"Import, {name}, {size} {kind} figures: {row['ours']:.3f} ms a row; "
            f"bare bulk_create {row['bare']:.3f}, so {row['bare'] / row['ours']:.2f} of its speed "
            f"(asked: at least 0.4); row by row {row['row by row']:.3f}, so "
            f"{row['row by row'] / row['ours']:.1f} times as fast (asked: at least 30)",
            flush=True,
        )


def memory(database: str) -> None:
    """The peak of a process that imports, for more and more rows."""
    peaks = [in_a_process("ours", size, database)["peak"] for size in SIZES]
    told = ", ".join(f"{size}: {peak:.0f} MB" for size, peak in zip(SIZES, peaks, strict=True))
    print(f"Import, peak memory by rows: {told}   (asked: under 200 MB, flat)", flush=True)


def long_files(*sizes: int) -> None:
    """The peaks of the processes that read and that save files of more and more rows (SQLite).

    A file comes as somebody sent it and ends in the database, with preview and trail.
    """
    sys.path[:0] = [str(ROOT / "tests" / "indicators")]
    import long_door

    for kind in ("csv", "xlsx"):
        found = long_door.through_the_door(*((kind, size) for size in sizes))
        for step in ("read", "save"):
            peaks = [one[step]["peak"] for one in found]
            told = ", ".join(f"{n}: {peak:.0f} MB" for n, peak in zip(sizes, peaks, strict=True))
            print(
                f"Long file through the door, .{kind}, {step}, peak memory by rows: {told}; "
                f"growth {peaks[-1] - peaks[0]:.0f} MB   (asked: under 200 MB, flat)",
                flush=True,
            )


def main() -> None:
    """SQLite, then PostgreSQL where BENCH_DATABASE_URL names one that may be filled and emptied."""
    side_by_side("SQLite", "")
    if database := os.environ.get("BENCH_DATABASE_URL", ""):
        side_by_side("PostgreSQL", database)
    memory("")
    long_files(*LONG)


if __name__ == "__main__":
    if sys.argv[1:2] == ["long"]:
        long_files(*(map(int, sys.argv[2:]) if sys.argv[2:] else SIZES))
    elif sys.argv[1:]:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
