"""`make bench`: speed as ratios, measured side by side in one run. Nothing here passes or fails.

Each ratio compares our work with the bare cost of what it stands on, or a page with the plainest
page, on work of growing size. Times are processor seconds, the least of several runs.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# A process that a measurement starts works on the data of the one that started it.
DATA = Path(os.environ.get("HABITAT_BENCH_DATA") or tempfile.mkdtemp(prefix="habitat-bench-"))
os.environ.update(HABITAT_DATA_DIR=str(DATA), DJANGO_SETTINGS_MODULE="habitat_plan.settings")
os.environ.pop("DATABASE_URL", None)
os.environ.pop("REDIS_URL", None)
sys.path.insert(0, str(ROOT))
ROUNDS = 7


def seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Processor seconds of the quickest of several runs."""
    found = []
    for _round in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def show(name: str, ours: float, bare: float, bound: str) -> None:
    """One line: the two times, their ratio and the bound that was asked for."""
    print(f"{name:<64} {ours:8.3f} s / {bare:8.3f} s = {ours / bare:5.2f}   (asked: {bound})")


def set_up() -> None:
    """An installation with the plan and the demonstration in a temporary folder."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from indicators.services.demonstration import load_demonstration

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_plan", verbosity=0)
    load_demonstration(fixtures=ROOT / "fixtures", password="benchmark-only", at=timezone.now())


def document() -> Any:
    """The biennial report over the demonstration's figures."""
    from django.utils import timezone

    from focus_areas.queries import period
    from reporting.assembly import compose, take
    from reporting.kinds import BIENNIAL_PROGRESS

    found = period("2016-2017")
    assert found is not None
    return compose(take(kind=BIENNIAL_PROGRESS, period=found, at=timezone.now()))


def larger(base: Any, times: int) -> Any:
    """The same document with its blocks repeated."""
    import dataclasses

    blocks = tuple(block for _n in range(times) for block in base.blocks)
    return dataclasses.replace(base, blocks=blocks)


ONE_PDF = """
import os, sys, time
import django; django.setup()
import typst
from tests.bench import document, larger
from reporting.rendering import pdf, render
what, times = sys.argv[1], int(sys.argv[2])
whole, calls, compile_ = larger(document(), times), [], typst.compile
if what == "bare":
    pdf.typst.compile = lambda *args, **kwargs: calls.append((args, kwargs)) or b""
    render(whole, "en", "pdf")
start = time.process_time()
compile_(*calls[0][0], **calls[0][1]) if calls else render(whole, "en", "pdf")
print(time.process_time() - start)
"""


def pdf_ratio() -> None:
    """Rendering the PDF against the bare compile with the very arguments that it uses.

    Each in a process of its own: typst remembers within a process what it has set before.
    """
    for times in (1, 4):
        found = {}
        for what in ("bare", "ours"):
            command = [sys.executable, "-c", ONE_PDF, what, str(times)]
            runs = [
                subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
                for _round in range(3)
            ]
            found[what] = min(float(run.stdout) for run in runs)
        name = f"PDF, document x{times}, against bare typst"
        show(name, found["ours"], found["bare"], "at most 1.5")


def more_figures(times: int) -> None:
    """Adds approved achievements: the authorities of the register, claimed for other indicators."""
    from django.utils import timezone

    from indicators.models import Achievement, Authority

    sample = Achievement.objects.filter(office__code="ROAF").select_related("authority").first()
    assert sample is not None
    country = sample.authority.country
    start = Authority.objects.count()
    authorities = Authority.objects.bulk_create(
        Authority(name=f"Bench {n}", match_key=f"bench {n}", type="local", country=country,
                  illustrative=True)
        for n in range(start, start + 400 * times)
    )
    Achievement.objects.bulk_create(
        Achievement(
            indicator=sample.indicator, authority=authority, office=sample.office,
            period=sample.period, achieved_on=sample.achieved_on, evidence="bench",
            illustrative=True, added_at=timezone.now(),
        )
        for authority in authorities
    )


def page_ratio() -> None:
    """The dashboard against the plainest signed-in page, with more and more figures."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from indicators.models import Achievement
    from organization.models import User

    client = Client()
    client.force_login(User.objects.get(email="manager@demo.example.org"))
    for times in (0, 1, 4):
        if times:
            more_figures(times)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/overview/").status_code == 200
            asked = len(queries)
        plain = seconds(lambda: [client.get("/en/about/figures/") for _n in range(10)])
        warm = seconds(lambda: [client.get("/en/overview/") for _n in range(10)])
        cold = seconds(lambda: [(cache.clear(), client.get("/en/overview/")) for _n in range(10)])
        size = f"{Achievement.objects.count()} achievements"
        show(f"Dashboard, {size}, against plainest page", warm, plain, "at most 3")
        name = f"  the same, first time after a write, {asked} queries"
        show(name, cold, plain, "not asked")


def report_job() -> None:
    """Peak memory of a process that does the report job: assemble, and nine files."""
    code = (
        "import django; django.setup()\n"
        "from tests.bench import document\n"
        "from reporting.rendering import FORMATS, render\n"
        "whole = document()\n"
        "[render(whole, language, format) for language in ('ar', 'en', 'zh') for format in FORMATS]\n"
    )
    start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"Report job, peak memory: {max(start, peak) / 1024:.0f} MB   (asked: under 250 MB)")


def demo_ratio() -> None:
    """`make demo SERVE=0` from a fresh copy against a bare locked install, package cache warm."""
    with tempfile.TemporaryDirectory(prefix="habitat-bench-") as folder:
        bare, copy = Path(folder, "bare"), Path(folder, "copy")
        environ = {k: v for k, v in os.environ.items() if k != "HABITAT_DATA_DIR"}
        install = "python3 -m venv {0} && {0}/bin/pip install -q --require-hashes -r requirements.txt"
        if shutil.which("uv"):
            install = (
                "uv venv -q {0} && "
                "uv pip install -q --python {0}/bin/python --require-hashes -r requirements.txt"
            )
        subprocess.run(["git", "clone", "-q", str(ROOT), str(copy)], check=True)
        took = []
        for command in (install.format(bare), f"make -s -C {copy} demo SERVE=0"):
            start = time.monotonic()
            subprocess.run(
                command, shell=True, check=True, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
            )
            took.append(time.monotonic() - start)
    tool = "uv" if shutil.which("uv") else "pip"
    show(f"make demo SERVE=0 against a bare locked install ({tool})", took[1], took[0], "under 3")


def main() -> None:
    """All of them, quickest first."""
    try:
        set_up()
        pdf_ratio()
        report_job()
        page_ratio()
        demo_ratio()
    finally:
        shutil.rmtree(DATA, ignore_errors=True)


if __name__ == "__main__":
    main()
