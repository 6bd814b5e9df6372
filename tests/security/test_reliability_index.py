"""Each reliability check that can run here has a drill, and the page about them names it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "reliability.md"
WANTED = (1, 2, 3, 4, 7, 8, *range(16, 25), *range(30, 34), 37, 42, 43, 44, 46)
# A drill prints what it counted: `tell(f"check NN: …")`.
TOLD = re.compile(r'tell\(\s*f?"check 0?(\d+)\b')
DRILL = re.compile(r"pytest\.mark\.drill\b")
# Drills that two files run, each on its own database, stand in a module beside them.
SHARED = re.compile(r"^from (\w+_scenarios) import", re.MULTILINE)


def drills() -> Iterator[tuple[int, Path]]:
    """Number of a check and the file of tests in which a drill tells of it."""
    for path in sorted(TESTS.rglob("test_*.py")):
        text = path.read_text()
        text += "".join((path.parent / f"{name}.py").read_text() for name in SHARED.findall(text))
        if DRILL.search(text):
            yield from ((int(number), path) for number in TOLD.findall(text))


def test_each_check_has_a_drill() -> None:
    assert set(WANTED) - {number for number, _path in drills()} == set()


@pytest.mark.parametrize("number", WANTED)
def test_each_check_stands_on_the_page_with_its_files(number: int) -> None:
    line = next(line for line in PAGE.read_text().splitlines() if line.startswith(f"| {number} |"))
    files = {path.name for found, path in drills() if found == number}
    assert {name for name in files if name not in line} == set()
    named = set(re.findall(r"test_\w+\.py", line))
    assert {name for name in named if not list(TESTS.rglob(name))} == set()
