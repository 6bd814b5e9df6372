"""Files and work in the background obey the roles of the moment (reliability check 7).

A file is given to whom it may be given now: not to whoever knows its address, and not to somebody
whose role ended a moment ago. Work that was asked for is done with the rights of whoever asked, as
they are when it is done.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sample_files
import surface
from django.test import Client, override_settings
from django.utils import timezone
from once import undone
from routes import read_out
from site_of_demonstration import people_of_demonstration, storage_in

from evaluations.models import Evaluation, FollowUpEvidence, Recommendation
from evaluations.services import evaluation_files
from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed
from indicators.models import Figure, Upload
from indicators.services import uploads
from jobs import registry
from jobs.models import Job
from organization.models import Office, RoleAssignment, User
from reporting import services
from reporting.kinds import ASSEMBLE, KINDS
from reporting.models import Rendering, Report, ReportDocument, Section, SectionText

CLEARED, TOLD, INNER = (
    "/en/reports/biennial-progress-2016-2017/en.xlsx",
    "/en/reports/recommendation-status-2017/en.xlsx",
    "/en/reports/imdis-2017/en.xlsx",
)
OWNED = {
    CLEARED: ("editor", ("public", "committee", "roap.enter")),
    TOLD: ("committee", ("public",)),
    INNER: ("roap.enter", ("public", "committee")),
    "/en/reports/biennial-progress-2016-2017/translation/fr.xlf": (
        "editor", ("public", "committee", "roap.enter"),
    ),
    "/en/submissions/{submission}/sign-off.pdf": ("urcdb.approve", ("public", "committee", "roap.enter")),
    "/en/offices/ROAP/2017/EA3.a.1/evidence/{evidence}/": (
        "roap.enter", ("public", "committee", "urcdb.approve"),
    ),
    "/en/offices/ROAP/2017.xlsx": ("roap.enter", ("public", "committee", "urcdb.approve")),
    "/en/offices/ROAP/2017.csv": ("roap.enter", ("public", "committee", "urcdb.approve")),
    "/en/lists/targets.csv": ("qa", ("public", "committee", "roap.enter")),
    "/en/uploads/{upload}/errors/": ("roap.enter", ("public", "committee", "urcdb.approve", "qa")),
    "/en/evaluations/{planned}/files/{report}/": ("evaluation", ("public", "committee")),
    "/en/recommendations/1-2015-3/evidence/{piece}/": ("evaluation", ("public", "committee")),
    "/en/recommendations/lists/recommendations.csv": (
        "evaluation", ("public", "committee", "roap.enter", "manager"),
    ),
}  # fmt: skip
"""Address of a file → whose it is, and who has no part in it."""
TRIED = {
    "report-file", "sign-off", "evidence-file", "office-workbook", "list-file", "upload-errors",
    "report-translation-file", "evaluation-file", "recommendation-list-template",
}  # fmt: skip
FOR_EVERYBODY = {
    "results-file": "approved figures",
    "calendar-file": "days of issue",
    "recommendations-file": "recommendations of published evaluations",
    "plan-file": "the approved evaluation plan",
    "plan-version-file": "the approved evaluation plan",
}
REFUSED = {302, 403, 404}
ENDINGS = ("a role that ended", "an account that was closed")


@pytest.fixture(scope="module")
def furnished(
    held: dict[str, Any], at_work: None, folder: Path, django_db_blocker: Any
) -> Iterator[dict[str, Any]]:
    """A cleared report, two issued ones for some, and a file with errors, made once a module."""
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storage_in(folder)),
        undone(),
    ):
        yield furnish({**people_of_demonstration(), **held})


@pytest.fixture
def house(site: dict[str, Any], furnished: dict[str, Any]) -> dict[str, Any]:
    """The demonstration with them."""
    return site | furnished


def furnish(site: dict[str, Any]) -> dict[str, Any]:
    """Makes the reports and the files; their numbers."""
    for address, state in ((CLEARED, "cleared"), (TOLD, "issued"), (INNER, "issued")):
        slug = address.split("/")[3]
        report_of(site, slug, state)
    at, by = timezone.now(), site["roap.enter"]
    section = Section.objects.create(
        report=Report.objects.get(state="cleared"), code="highlights", state="cleared",
        office=Office.objects.get(code="QAU"), changed_at=at,
    )  # fmt: skip
    SectionText.objects.create(
        section=section, language="en", body="Not for translation yet.", words=4, written_at=at
    )
    wrong = uploads.receive(
        kind="figures", file_name="wrong.csv", content=b"Code,Value\nEA3.a.1,many\n", language="en",
        office=Office.objects.get(code="ROAP"), period=Period.objects.get(code="2017"),
        by=by, at=at,
    )  # fmt: skip
    uploads.read(upload=wrong, by=by, at=at)
    return {"upload": wrong.pk} | of_evaluations(site)


def of_evaluations(site: dict[str, Any]) -> dict[str, Any]:
    """A report of an evaluation at work, and a file that shows what was done about an action."""
    by, at = {"by": site["evaluation"]}, timezone.now()
    report = evaluation_files.add_file(
        evaluation=Evaluation.objects.get(code=site["planned"]), kind="report", language="en",
        name="report.pdf", content=sample_files.PDF, at=at, **by,
    )  # fmt: skip
    action = Recommendation.objects.get(evaluation__code="1-2015", number=3).actions.get()
    piece = FollowUpEvidence.objects.create(
        follow_up=action.follow_ups.earliest("number"), title="Minutes", name="minutes.pdf",
        media_type="application/pdf", size=report.size, sha256=report.sha256, added_at=at,
        added_by=site["evaluation"],
    )  # fmt: skip
    return {"report": report.pk, "piece": piece.pk}


def report_of(site: dict[str, Any], slug: str, state: str) -> Report:
    """A report in this state with an English spreadsheet."""
    kind = next(k for k in KINDS.values() if slug.startswith(k.code.replace("_", "-")))
    period = Period.objects.get(code=slug.removeprefix(f"{kind.code.replace('_', '-')}-"))
    at, editor = timezone.now(), site["editor"]
    row = services.assemble_now(kind=kind, period=period, confirm_gaps=True, by=site["qa"], at=at)
    report = services.clear(report=row.report, by=editor, at=at)
    if state == "issued":
        services.issue(
            report=report, symbol=f"HSP/{slug}", dated=date(2018, 3, 1), by=editor, at=at
        )
        report.refresh_from_db()
    services.render_one(row=report.document, language="en", format="xlsx", at=at)
    return report


def client_of(house: dict[str, Any], name: str) -> Client:
    """A browser in which the person is signed in, or nobody."""
    client = Client(raise_request_exception=False)
    if name != "public":
        client.force_login(house[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def take_away(person: User, ending: str) -> None:
    """The person's rights end now; sessions that are open stay as they are."""
    if ending == ENDINGS[0]:
        today = timezone.localdate()
        RoleAssignment.objects.filter(user=person, until__isnull=True).update(until=today)
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)


class TestFiles:
    def test_every_route_of_files_is_tried(self) -> None:
        files = {
            name for name, path, _kinds in surface.patterns()
            if "format>" in path or path.endswith((".pdf", ".ics", "/errors/")) or "file" in name
        }  # fmt: skip
        assert files - TRIED - set(FOR_EVERYBODY) == set()

    @pytest.mark.drill
    def test_go_to_whom_they_may_go_at_this_moment(
        self, house: dict[str, Any], tell: Callable[[str], None]
    ) -> None:
        foreign = ended = 0
        for address, (owner, strangers) in OWNED.items():
            path = address.format(**house)
            assert self.gives(client_of(house, owner), path), (path, owner)
            for stranger in strangers:
                assert not self.gives(client_of(house, stranger), path), (path, stranger)
                foreign += 1
            for ending in ENDINGS:
                person, client = house[owner], client_of(house, owner)
                kept = list(RoleAssignment.objects.filter(user=person).values_list("pk", "until"))
                take_away(person, ending)
                assert not self.gives(client, path), (path, owner, ending)
                ended += 1
                for pk, until in kept:
                    RoleAssignment.objects.filter(pk=pk).update(until=until)
                User.objects.filter(pk=person.pk).update(is_active=True)
                assert self.gives(client_of(house, owner), path)
        tell(
            f"check 07: {len(OWNED)} files, {foreign} times asked for by somebody else, {ended} "
            "times by somebody whose rights had ended, with 3 jobs each run after that: 0 given"
        )

    def gives(self, client: Client, path: str) -> bool:
        """True if the file came; False if it was refused, in whatever way it is asked for."""
        whole = read_out(client.get(path))
        if whole.status_code == 200:
            return True
        tag = {"If-None-Match": "*", "Range": "bytes=0-9"}
        answers = [whole, read_out(client.head(path)), read_out(client.get(path, headers=tag))]
        assert {one.status_code for one in answers} <= REFUSED
        return False

    def test_of_a_cleared_report_are_not_there_by_any_name(self, house: dict[str, Any]) -> None:
        rendering = Rendering.objects.get(document__report__state="cleared")
        sha = rendering.sha256
        for name in ("public", "committee"):
            client = client_of(house, name)
            for path in (
                CLEARED, CLEARED.replace(".xlsx", ".pdf"), CLEARED.replace("/en/", "/fr/", 1),
                f"/files/renderings/{sha[:2]}/{sha}.xlsx", f"/en/reports/{sha}/en.xlsx",
                f"/static/renderings/{sha[:2]}/{sha}.xlsx", CLEARED.upper(), f"{CLEARED}?x=1",
            ):  # fmt: skip
                assert client.get(path).status_code == 404, path


class TestWork:
    """Asked for, then the right is taken away, then the work is done."""

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_assembles_no_report(self, house: dict[str, Any], ending: str) -> None:
        job = services.request_assembly(
            kind="annual_progress", period=Period.objects.get(code="2016"), by=house["qa"],
            at=timezone.now(), language="en", confirm_gaps=True,
        )  # fmt: skip
        assert job.kind == ASSEMBLE
        documents, files = ReportDocument.objects.count(), Rendering.objects.count()
        take_away(house["qa"], ending)
        self.refused(job)
        assert ReportDocument.objects.count() == documents
        assert Rendering.objects.count() == files
        assert Report.objects.get(slug="annual-progress-2016").state == "planned"

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_reads_no_upload(
        self, house: dict[str, Any], ending: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent = self.sent(house)
        job = self.job_of(uploads.READ, sent, house["roap.enter"])
        take_away(house["roap.enter"], ending)
        self.refused(job)
        sent.refresh_from_db()
        assert (sent.state, sent.counts) == ("reading", {})

    @pytest.mark.parametrize("ending", ENDINGS)
    def test_saves_no_upload(self, house: dict[str, Any], ending: str) -> None:
        sent = uploads.read(upload=self.sent(house), by=house["roap.enter"], at=timezone.now())
        Upload.objects.filter(pk=sent.pk).update(state="confirmed", confirmed_at=timezone.now())
        job = self.job_of(uploads.SAVE, sent, house["roap.enter"])
        take_away(house["roap.enter"], ending)
        before = list(Figure.objects.order_by("pk").values())
        self.refused(job)
        assert list(Figure.objects.order_by("pk").values()) == before

    def sent(self, house: dict[str, Any]) -> Upload:
        """A file with a figure of 42 that waits to be read."""
        return uploads.receive(
            kind="figures", file_name="figures.csv", content=b"Code,Value\nEA3.a.1,42\n",
            language="en", office=Office.objects.get(code="ROAP"),
            period=Period.objects.get(code="2017"), by=house["roap.enter"], at=timezone.now(),
        )  # fmt: skip

    def job_of(self, kind: str, upload: Upload, by: User) -> Job:
        """The job by which a long file is read or saved."""
        return Job.objects.create(
            kind=kind, key=f"{kind}:{upload.pk}:test", payload={"upload": upload.pk},
            requested_by=by, queued_at=timezone.now(), rung_at=timezone.now(),
        )  # fmt: skip

    def refused(self, job: Job) -> None:
        """The handler says that the person may not."""
        with pytest.raises(NotAllowed):
            registry.find(job.kind).handle(job, lambda *_progress: None)  # type: ignore[arg-type]
