"""Reads files in a process of its own with little memory; a line of JSON for each."""

import json
import os
import resource
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "habitat_plan.settings"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from processor import seconds
from table_files import COLUMNS

from habitat_plan.kit.tables.limits import JOB_LIMITS, LIMITS, Limits, TableRefused
from habitat_plan.kit.tables.read import read_table

MEGABYTE = 1024 * 1024


def pages() -> int:
    """Bytes of address space in use."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def kilobytes(mark: str) -> int:
    """Resident memory now (VmRSS) or at its highest (VmHWM)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(mark))


def outcome(path: Path, limits: Limits) -> tuple[str, str]:
    """`read n` or the code of the refusal, and its sentence."""
    try:
        with path.open("rb") as file:
            table = read_table(file, name=path.name, language="en", columns=COLUMNS, limits=limits)
            return f"read {sum(1 for _row in table.rows)}", ""
    except TableRefused as refused:
        return refused.code, refused.sentence


def main(folder: Path, growth: int, limits: Limits) -> None:
    """Every file of the folder, in a space that can grow by so many megabytes."""
    read_table(b"Code,Value\nx,1\n", name="", language="en", columns=COLUMNS)
    most = pages() + growth * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
    for path in sorted(folder.iterdir()):
        Path("/proc/self/clear_refs").write_text("5")  # forgets the highest mark so far
        before = kilobytes("VmRSS")
        # What is measured is read once if that was quick enough, however often it takes memory.
        outcomes = []
        took = seconds(lambda path=path: outcomes.append(outcome(path, limits)), under=2)
        [(code, sentence)] = set(outcomes)
        grown = (kilobytes("VmHWM") - before) // 1024
        line = {"file": path.name, "code": code, "sentence": sentence}
        print(json.dumps({**line, "seconds": took, "megabytes": grown}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), JOB_LIMITS if "jobs" in sys.argv else LIMITS)
