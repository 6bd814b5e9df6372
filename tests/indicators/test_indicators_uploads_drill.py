"""A worker killed at random moments while a long file is saved: all of it is there, or nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from long_files import rows_of

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_170_116


@pytest.mark.drill
def test_a_killed_worker_saves_all_rows_or_none(migrated, tmp_path, tell, rounds):
    kills, measures = rounds(10, 50), rounds(10, 50)
    many = rows_of(measures)
    migrated(tmp_path)
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "tests/indicators/kill_saving.py", *map(str, (kills, SEED, measures))],
        cwd=ROOT,
        env=kept
        | {
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
            "HABITAT_DATA_DIR": str(tmp_path),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}:{ROOT / 'tests' / 'indicators'}",
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    states = [tuple(one) for one in told["found"]]
    whole = states.count((many, "done"))
    nothing = states.count((0, "confirmed"))
    tell(
        f"check 22: seed {SEED}, {kills} kills while {many} rows are saved: "
        f"{nothing} times nothing, {whole} times all, {kills - whole - nothing} times else"
    )
    assert whole + nothing == kills
    assert nothing, "no kill hit the work"
    assert tuple(told["last"]) == (many, "done")
    assert told["broken"] is None
