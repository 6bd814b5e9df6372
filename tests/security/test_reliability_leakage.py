"""What is not out does not get out, by any road (reliability check 4).

The site is built twice: with issued reports only, and with drafts of everything besides. Everything
that the public and a delegation can ask gives the same answer, byte for byte.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import timezone as dt_timezone
from itertools import islice
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import surface
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone
from drafts import NUMBER, OTHER_MISSION, WORD, Drafts, add_drafts, counted, is_public
from once import undone
from openpyxl.packaging import core
from openpyxl.writer import excel
from site_of_demonstration import people_of_demonstration, storage_in
from surface import Answer

from focus_areas.models import Period
from organization.models import Office, User
from reporting import services
from reporting.kinds import KINDS
from reporting.models import Report
from reporting.services import questions

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
READERS = ("public", "committee")
STAFF = ("qa", "editor", "manager", "administrator", "roap.enter")
ISSUED = (
    ("biennial_progress", "2016-2017", "HSP/GC/26/5"),
    ("recommendation_status", "2016", "HSP/CPR/2017/1"),
    ("imdis", "2016", "HSP/IMDIS/2016"),
)
SEED = 20260404


@pytest.fixture(scope="module")
def issued(loaded: None, folder: Path, django_db_blocker: Any) -> Iterator[None]:
    """The demonstration with a report of each audience issued and two questions asked, once."""
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storage_in(folder)),
        transaction.atomic(),
    ):
        people = people_of_demonstration()
        mission = Office.objects.get(code="MISSION")
        Office.objects.create(code=OTHER_MISSION, kind="mission", name=mission.name)
        for kind, period, symbol in ISSUED:
            issue(people, kind, period, symbol)
        first = Report.objects.get(kind="biennial_progress")
        asked = {"report": first, "office": mission, "by": people["committee"]}
        at = timezone.now()
        one = questions.ask(paragraph=1, text="Which is right?", at=at, **asked)
        questions.ask(paragraph=2, text="And why?", at=at, **asked)
        questions.answer(question=one, text="Both.", seen="", by=people["editor"], at=at)
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Added:
    """The drafts that were added, and how many rows each table had before and after."""

    drafts: Drafts
    before: dict[str, int]
    after: dict[str, int]


@pytest.fixture(scope="class")
def added(issued: None, folder: Path) -> Iterator[Added]:
    """Drafts of everything, once for the tests of a class, taken back when they are through."""
    with override_settings(STORAGES=storage_in(folder)), undone():
        before = counted()
        yield Added(add_drafts(people_of_demonstration()), before, counted())


@pytest.fixture
def published(
    issued: None, plain_site: dict[str, Any], settings: Any, tmp_path: Path
) -> Iterator[dict[str, Any]]:
    """The people of that site. Pages are kept in memory as on a real one."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path)}}
    cache.clear()
    yield plain_site
    cache.clear()


@pytest.fixture
def stopped_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an answer says of the moment it was given in is no news: here it is always the same."""
    now = timezone.now()

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return now.astimezone(tz)

    clock = SimpleNamespace(datetime=Stopped, timezone=dt_timezone)
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(time, "time", now.timestamp)
    for module in (excel, core):
        monkeypatch.setattr(module, "datetime", clock)


def issue(people: dict[str, User], kind: str, period: str, symbol: str) -> Report:
    """An issued report with some of its files."""
    at = timezone.now()
    by = {"by": people["editor"], "at": at}
    row = services.assemble_now(
        kind=KINDS[kind], period=Period.objects.get(code=period), confirm_gaps=True,
        by=people["qa"], at=at,
    )  # fmt: skip
    report = services.clear(report=row.report, **by)
    services.issue(report=report, symbol=symbol, dated=date(2018, 4, 2), **by)
    report.refresh_from_db()
    for language, format in (("en", "pdf"), ("ar", "pdf"), ("en", "docx"), ("en", "xlsx")):
        if format in KINDS[kind].formats:
            services.render_one(row=report.document, language=language, format=format, at=at)
    return report


def client_of(site: dict[str, Any], reader: str) -> Client:
    """A browser of this reader, which stays signed in."""
    client = Client(raise_request_exception=False)
    if reader != "public":
        client.force_login(site[reader], backend="django.contrib.auth.backends.ModelBackend")
    return client


def paths_of(drafts: Drafts, issued: list[str], rounds: Callable[[int, int], int]) -> list[str]:
    """All addresses: each route, its query strings, other languages, and guesses."""
    paths = surface.covering(drafts, issued)
    if most := rounds(0, 30):
        paths += surface.addresses(drafts, issued, most=most)
    for language in LANGUAGES:
        if language != "en" and (most := rounds(0, 5)):
            paths += surface.addresses(drafts, issued, most=most, language=language)
    return list(dict.fromkeys([*paths, *surface.guesses(drafts, most=rounds(2, 20))]))


def asked_more(answers: dict[str, Answer], most: int) -> list[str]:
    """The pages that were found, with each query string; and so many more, drawn."""
    dice = Random(SEED)  # noqa: S311 (a drill that can be repeated)
    found = [path for path, answer in answers.items() if answer.status == 200]
    every = surface.with_queries(found)
    drawn = every if len(every) <= most else dice.sample(every, most)
    return list(dict.fromkeys([*surface.with_each_query(found), *drawn]))


def apart(reader: str, one: dict[str, Answer], other: dict[str, Answer]) -> list[str]:
    """Where two recordings differ, each with the place where they begin to."""
    found = []
    for path, here in one.items():
        there = other[path]
        if here != there:
            lines = zip(here.text.splitlines(), there.text.splitlines(), strict=False)
            headers = set(here.headers) ^ set(there.headers)
            first = next(((a, b) for a, b in lines if a != b), None)
            found.append(f"{reader} {path}: {here.status} {there.status} {headers} {first}"[:900])
    return found


def sung(answers: dict[str, Answer]) -> list[str]:
    """Addresses whose answers hold a canary that the address itself does not."""
    return [
        path for path, answer in answers.items()
        if answer.sings and WORD[:6].lower() not in path.lower() and str(NUMBER) not in path
    ]  # fmt: skip


class TestTheDrillItself:
    def test_knows_what_can_stand_in_every_address(self, published: dict[str, Any]) -> None:
        known = surface.samples(Drafts(numbers=[1]), [])
        unknown = {
            (name, kind) for name, _path, kinds in surface.patterns() for kind in kinds
            if kind not in known
        }  # fmt: skip
        assert unknown == set(), "give samples in surface.SAMPLES"

    def test_knows_every_query_string_that_a_page_reads(self) -> None:
        assert surface.query_names() - set(surface.QUERIES) == set(), "give samples in QUERIES"


@pytest.mark.drill
def test_answers_are_the_same_with_and_without_drafts(
    published: dict[str, Any],
    stopped_clocks: None,
    tell: Callable[[str], None],
    rounds: Callable[[int, int], int],
) -> None:
    """Also after staff read the same pages, and after requests that were given up half-way."""
    clients = {reader: client_of(published, reader) for reader in READERS}
    issued = list(Report.objects.values_list("slug", flat=True))
    most = rounds(0, 2000)

    queries: dict[str, list[str]] = {}

    def recorded(paths: list[str]) -> dict[str, dict[str, Answer]]:
        found = {}
        for reader, client in clients.items():
            plain = surface.record(client, paths)
            queries.setdefault(reader, asked_more(plain, most))
            more = surface.record(client, queries[reader])
            heads = surface.record(client, paths[::9], "head")
            found[reader] = plain | more | {f"HEAD {path}": one for path, one in heads.items()}
        return found

    with transaction.atomic():
        drafts = add_drafts(published)
        paths = paths_of(drafts, issued, rounds)
        with_drafts = recorded(paths)
        after_staff = read_by_staff(published, clients, paths, with_drafts, rounds)
        # A request that is given up ends its connection, and on PostgreSQL the test's own with it.
        is_file = connection.vendor == "sqlite"
        given_up = give_up(published, paths, rounds(90, 1000)) if is_file else 0
        after_given_up = {
            reader: surface.record(client, paths[:: rounds(7, 3)])
            for reader, client in clients.items()
        }
        transaction.set_rollback(True)
    cache.clear()
    without = recorded(paths)
    compared = Counter({reader: len(answers) for reader, answers in without.items()})
    leaks = [
        line for reader in READERS for line in apart(reader, without[reader], with_drafts[reader])
    ]
    assert leaks == []
    for later in (after_staff, after_given_up):
        for reader in READERS:
            earlier = {path: without[reader][path] for path in later[reader]}
            assert apart(reader, earlier, later[reader]) == []
    assert [path for answers in with_drafts.values() for path in sung(answers)] == []
    broken = {
        path: one.status for answers in without.values() for path, one in answers.items()
        if one.status >= 500 and "readyz" not in path
    }  # fmt: skip
    assert broken == {}
    size = sum(len(one.text) for answers in without.values() for one in answers.values())
    tell(
        f"check 04: seed {SEED}, {sum(compared.values())} answers ({dict(compared)}), "
        f"{size // 1_000_000} MB, {len({name for name, *_ in surface.patterns()})} routes, "
        f"{len(drafts.slugs)} reports in work, again after staff and {given_up} requests given up: "
        "0 differ, 0 canaries"
    )


def read_by_staff(
    site: dict[str, Any], clients: dict[str, Client], paths: list[str],
    before: dict[str, dict[str, Answer]], rounds: Callable[[int, int], int],
) -> dict[str, dict[str, Answer]]:  # fmt: skip
    """Staff read the pages that the public may read; then they are read anew by everybody else."""
    step = rounds(5, 2)
    wanted = [path for path in paths[::step] if before["committee"][path].status != 405]
    seen_by_staff = 0
    for name in STAFF:
        answers = surface.record(client_of(site, name), wanted[::2])
        seen_by_staff += len(sung(answers))
    # Otherwise nothing was there to leak.
    assert seen_by_staff > 0
    return {reader: surface.record(client, wanted) for reader, client in clients.items()}


class GivenUp(OSError):
    """The reader went away."""


def give_up(site: dict[str, Any], paths: list[str], number: int) -> int:
    """Requests of staff that are broken off: before the answer is read, in it, and in sending."""
    dice = Random(SEED)  # noqa: S311
    handler, factory = WSGIHandler(), RequestFactory()
    cookies = [client_of(site, name).cookies for name in STAFF]
    for turn in range(number):
        environ = factory.get(dice.choice(paths)).environ
        cookie = dice.choice(cookies)
        environ["HTTP_COOKIE"] = "; ".join(f"{n}={one.value}" for n, one in cookie.items())
        if turn % 3 == 0:
            environ |= {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "99", "wsgi.input": Broken()}
        answer = handler(environ, lambda *_args: None)
        if turn % 3 == 1:
            next(iter(answer), b"")
        answer.close()
    return number


class Broken:
    """A body of which nothing more comes."""

    def read(self, *_size: int) -> bytes:
        """The line is cut."""
        raise GivenUp

    readline = read


def masked(client: Client, method: str, path: str, slug: str) -> tuple[Any, ...]:
    """An answer in which the name that was asked for is taken out."""
    answer = surface.answer_of(getattr(client, method)(surface.with_slug(path, slug)))
    headers = tuple((name, value.replace(slug, "*")) for name, value in answer.headers)
    return answer.status, headers, answer.text.replace(slug.encode(), b"*")


class TestAmongDrafts:
    """What the drill adds, what it tries of it, and that a draft looks like what never was."""

    def test_are_in_every_table_that_can_hold_some(self, added: Added) -> None:
        same = {table for table, rows in added.before.items() if added.after[table] == rows}
        assert {table for table in same if not is_public(table)} == set()
        assert {table for table in added.before if is_public(table)} - same == set()

    def test_stand_each_in_some_address_in_six_languages(self, added: Added, db: None) -> None:
        issued = list(Report.objects.filter(state="issued").values_list("slug", flat=True))
        paths = surface.covering(added.drafts, issued)
        parts = {part for path in paths for part in path.split("/")}
        known = surface.groups(added.drafts, issued)
        for kind in ("slug", "code", "number"):
            assert {one for group in known[kind] for one in group} - parts == set(), kind
        assert {path.split("/")[1] for path in paths} > set(LANGUAGES)
        routes = [pattern for _name, pattern, _kinds in surface.patterns()]
        assert len(paths) > 3 * len(routes)

    @pytest.mark.drill
    def test_a_draft_looks_like_one_that_never_was(
        self, added: Added, published: dict[str, Any], rounds: Callable[[int, int], int]
    ) -> None:
        tried, most = Counter[str](), rounds(3, 8)
        for reader in READERS:
            client = client_of(published, reader)
            dice = Random(SEED)  # noqa: S311 (a drill that can be repeated)
            slugs = surface.in_turn(added.drafts.slugs, dice)
            for name, path, kinds in surface.patterns():
                if "slug" not in kinds:
                    continue
                for slug in islice(slugs, most):
                    never = slug.translate(str.maketrans("0123456789", "9876543210"))
                    for method in ("get", "head", "post", "put", "options"):
                        found = masked(client, method, path, slug)
                        absent = masked(client, method, path, never)
                        assert found == absent, (reader, name, method, slug)
                        tried[slug] += 1
        assert tried.total() > 500
        assert set(tried) == set(added.drafts.slugs)

    @pytest.mark.drill
    def test_a_hash_of_a_draft_opens_nothing(
        self, added: Added, published: dict[str, Any], rounds: Callable[[int, int], int]
    ) -> None:
        drafts = added.drafts
        issued = Report.objects.get(kind="biennial_progress", state="issued")
        addresses = (f"/en/reports/{issued.slug}/en.pdf", f"/en/reports/{drafts.slugs[1]}/en.pdf")
        for reader in READERS:
            client = client_of(published, reader)
            plain = surface.record(client, addresses)
            assert [one.status for one in plain.values()] == [200, 404]
            for sha in surface.some_of(drafts.hashes, rounds(5, 15)):
                for given in (
                    {"If-None-Match": f'"{sha}"'}, {"If-Match": f'"{sha}"'},
                    {"If-Range": f'"{sha}"', "Range": "bytes=0-99"},
                ):  # fmt: skip
                    answers = surface.record(client, addresses, **given)
                    assert answers[addresses[1]] == plain[addresses[1]]
                    assert answers[addresses[0]].status in {200, 412}
            asked = surface.record(client, addresses, Range="bytes=0-99")
            assert asked == plain

    def test_tells_no_delegate_of_a_draft(self, added: Added, published: dict[str, Any]) -> None:
        delegate = User.objects.get(pk=published["committee"].pk)
        told = " ".join(f"{one.subject} {one.text}" for one in delegate.notices.all())
        assert WORD not in told
        assert delegate.notices.count() == 1  # the answer to its question
        assert delegate.notices.get().made_at > timezone.now() - timedelta(hours=1)
