"""What a long file costs in memory on its way through the door: made, read, saved.

Arguments: for each file its format (`csv` or `xlsx`) and how many rows. Each step runs in a process
of its own, forked from one that has everything loaded, in the installation of `HABITAT_DATA_DIR`;
for each file it prints, for reading and for saving, the state of the file, its counts, and the peak
of the process in megabytes.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 3600
"""Seconds for all of it: a bench sends far longer files than a test."""
HEADINGS = ("code", "office", "period", "value", "numerator", "denominator")


def through_the_door(
    *files: tuple[str, int], ready: Callable[[Path], None] | None = None
) -> list[dict[str, dict[str, Any]]]:
    """What reading and saving take on SQLite for each file, given by its format and how many rows
    it has. `ready` may put a migrated database into the folder."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    with tempfile.TemporaryDirectory(prefix="habitat-long-") as folder:
        if ready is not None:
            ready(Path(folder))
        done = subprocess.run(
            [sys.executable, __file__, *(str(word) for file in files for word in file)],
            cwd=ROOT,
            env=kept
            | {
                "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
                "HABITAT_DATA_DIR": folder,
                "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
            },
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: list[dict[str, dict[str, Any]]] = json.loads(done.stdout.splitlines()[-1])
    return found


def apart(step: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the step gives, done in a process of its own, which has held nothing before."""
    said, to_say = os.pipe()
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            os.write(to_say, json.dumps(step()).encode())
            ended = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(ended)
    os.close(to_say)
    with os.fdopen(said, "rb") as answer:
        told = answer.read()
    _process, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"a step ended with {status}")
    found: dict[str, Any] = json.loads(told)
    return found


def _peak() -> float:
    """Megabytes. What the process that began this one had held does not count, as it would in
    `getrusage`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def _texts(rows: int) -> Iterator[tuple[str, ...]]:
    import bench_import

    made = 0
    for office in range(bench_import.OFFICES):
        for year in bench_import.YEARS:
            for measure in range(bench_import.INDICATORS):
                if made == rows:
                    return
                made += 1
                # A file after another one changes what that one saved.
                number, is_ratio = rows + made, measure % 2
                typed = ("", f"{number}", f"{number + 1}") if is_ratio else (f"{number}.5", "", "")
                yield (f"BE{measure:03}", f"O{office:03}", year, *typed)


def _file(kind: str, rows: int, path: Path) -> bytes:
    if kind == "csv":
        with path.open("w", newline="") as out:
            csv.writer(out).writerows([HEADINGS, *_texts(rows)])
    else:
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("Figures")
        sheet.append(HEADINGS)
        for code, office, year, *typed in _texts(rows):
            sheet.append([code, office, year, *(float(text) if text else None for text in typed)])
        book.save(path)
    return path.read_bytes()


def make(*words: str) -> dict[str, Any]:
    """An installation, and the files in it as they were received."""
    import bench_import

    bench_import.set_up()
    from django.conf import settings
    from django.utils import timezone

    from indicators.services import uploads
    from organization.models import User

    sent = []
    for kind, rows in zip(words[::2], map(int, words[1::2]), strict=True):
        name = f"{rows}.{kind}"
        upload = uploads.receive(
            kind="figures", office=None, period=None, file_name=name,
            content=_file(kind, rows, Path(settings.DATA_DIR) / name),
            language="en", by=User.objects.get(name="Ana"), at=timezone.now(),
        )  # fmt: skip
        sent.append(upload.pk)
    return {"uploads": sent}


def work(step: str, number: int) -> dict[str, Any]:
    """The preview as its job makes it, or the whole file at once as its job saves it."""
    from django.utils import timezone

    from indicators.models import Upload
    from indicators.services import upload_files, uploads

    upload, at = Upload.objects.get(pk=number), timezone.now()
    by = upload.made_by
    if step == "read":
        uploads.read(upload=upload, by=by, at=at, in_background=True)
    else:
        seen = upload_files.findings_of(upload)["fingerprint"]
        uploads.confirm(upload=upload, seen=seen, only_right=False, by=by, at=at)
        # One that is short enough for a page is saved by now.
        if upload.state == Upload.State.CONFIRMED:
            uploads.save(upload=upload, by=by, at=at)
    return {"state": upload.state, "counts": upload.counts, "peak": _peak()}


def main(*words: str) -> list[dict[str, dict[str, Any]]]:
    """All files are made, then each is read and saved."""
    import django

    django.setup()
    sent = apart(lambda: make(*words))["uploads"]
    return [
        {step: apart(partial(work, step, upload)) for step in ("read", "save")} for upload in sent
    ]


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
