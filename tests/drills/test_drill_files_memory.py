"""Reading takes no more memory for many rows than for few, from workbooks and delimited text."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from habitat_plan.kit.tables.write import Sheet, Value, write_csv, write_xlsx

MADE_AT = dt.datetime.fromisoformat("2016-03-01T00:00:00")
READER = Path(__file__).with_name("read_elsewhere.py")


def rows(count: int) -> Iterator[tuple[Value, ...]]:
    for number in range(count):
        yield (f"EA{number}", Decimal(number).scaleb(-2), f"a note of its own, {number}")


def sheet(count: int) -> Sheet:
    return Sheet("Figures", ("Code", "Value", "Note"), rows(count))


@pytest.mark.drill
def test_memory_stays_flat_as_rows_grow(
    tmp_path: Path, rounds: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    few, many = rounds(2_000, 10_000), rounds(20_000, 100_000)
    for count in (few, many):
        with (tmp_path / f"{count:06} csv").open("wb") as file:
            file.writelines(write_csv(sheet(count)))
        with (tmp_path / f"{count:06} xlsx").open("wb") as file:
            write_xlsx(file, [sheet(count)], made_at=MADE_AT)
    done = subprocess.run(
        [sys.executable, str(READER), str(tmp_path), "150", "jobs"],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found = {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}
    for line in found.values():
        tell(
            f"reading: {line['file']}: {line['code']}, {line['seconds']:.2f} s, "
            f"growth {line['megabytes']} MB"
        )
    assert {line["code"] for line in found.values()} == {f"read {few}", f"read {many}"}
    assert all(line["megabytes"] < 20 for line in found.values())
