"""Check 41: the same data give the same document and the same bytes, whoever makes them and when."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from demonstration_data import ASSEMBLED_AT
from made_database import EMPTY, copy_database

from focus_areas.models import Period
from reporting.assembly import compose, take
from reporting.document import Document, fingerprint
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.rendering import FORMATS, render

ROOT = Path(__file__).resolve().parents[2]
# Days later, and what differs in the surroundings of the process.
ELSEWHERE = (
    ("400", {"TZ": "Pacific/Kiritimati", "TIME_ZONE": "America/Caracas", "LC_ALL": "C",
             "PYTHONHASHSEED": "4711", "USER": "another", "LOGNAME": "another"}),
    ("1", {"TZ": "America/Caracas", "TIME_ZONE": "Asia/Kathmandu", "LC_ALL": "ar_EG.UTF-8",
           "LANG": "ar_EG.UTF-8", "PYTHONHASHSEED": "1", "PYTHONUTF8": "1", "COLUMNS": "40"}),
)  # fmt: skip


def hashes_elsewhere(folder: Path, days: str, changed: dict[str, str], languages: tuple[str, ...]) -> dict[str, str]:  # fmt: skip
    """What another process finds: a database, folder, year and surroundings of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "HOME"}}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "reporting" / "assemble_elsewhere.py"), days, *languages],
        cwd=folder,
        env=kept | {
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings", "HABITAT_DATA_DIR": str(folder),
            "HOME": str(folder), "TMPDIR": str(folder),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'reporting'}",
        } | changed,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.drill
def test_the_same_data_give_the_same_bytes_everywhere(
    biennium: Period,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    rounds: Callable[[int, int], int],
    tell: Callable[[str], None],
) -> None:
    languages = ("en", "ar", "zh", "fr", "ru", "es")[: rounds(2, 6)]
    document: Document = compose(take(kind=BIENNIAL_PROGRESS, period=biennium, at=ASSEMBLED_AT))
    here = {"document": fingerprint(document)} | {
        f"{language}.{format}": hashlib.sha256(render(document, language, format)).hexdigest()
        for language in languages
        for format in FORMATS
    }
    differing = 0
    for number, (days, changed) in enumerate(ELSEWHERE[: rounds(1, 2)]):
        folder = tmp_path / f"elsewhere-{number}"
        folder.mkdir()
        if rounds(1, 0):
            # Empty tables made before; what is in them is loaded there.
            copy_database(tmp_path_factory, folder, of=EMPTY)
        found = hashes_elsewhere(folder, days, changed, languages)
        assert set(found) == set(here)
        differing += sum(found[name] != here[name] for name in here)
    tell(
        f"check 41: {rounds(1, 2)} other processes (folder, database, zone, locale, hash seed, "
        f"year), {len(languages)} languages, {len(FORMATS)} formats: "
        f"{len(here)} hashes compared in each, {differing} differ"
    )
    assert differing == 0
