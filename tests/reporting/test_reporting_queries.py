"""Who sees which report, and files that are made again when they are missing or altered."""

import hashlib
from collections.abc import Iterator
from datetime import date

import pytest
from demonstration_data import ASSEMBLED_AT
from django.contrib.auth.models import AnonymousUser
from once import undone

from focus_areas.models import Period
from habitat_plan.kit.storing import write_whole
from organization.models import User
from reporting import queries, services, storage
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Rendering, Report, ReportDocument

SLUG = "biennial-progress-2016-2017"


@pytest.fixture(scope="class")
def row_once(loaded) -> Iterator[ReportDocument]:
    with undone():
        yield services.assemble_now(
            kind=BIENNIAL_PROGRESS,
            period=Period.objects.get(code="2016-2017"),
            confirm_gaps=True,
            by=User.objects.get(email="qa@demo.example.org"),
            at=ASSEMBLED_AT,
        )


@pytest.fixture
def rendering(row_once, db, shelf_folder) -> Rendering:
    row = ReportDocument.objects.get(pk=row_once.pk)
    return services.render_one(row=row, language="en", format="xlsx", at=ASSEMBLED_AT)


class TestReports:
    def test_in_work_are_for_staff_and_issued_ones_for_everybody(self, rendering, officer, editor):
        public, committee = AnonymousUser(), User.objects.get(email="committee@demo.example.org")
        assert [row.report.slug for row in queries.visible_reports(officer)] == [SLUG]
        for stranger in (public, committee):
            assert queries.visible_reports(stranger) == []
            assert queries.report_page(SLUG, stranger) is None
            assert queries.rendering_file(SLUG, "en", "xlsx", stranger) is None
        report = services.clear(report=rendering.document.report, by=editor, at=ASSEMBLED_AT)
        services.issue(
            report=report, symbol="HSP/1", dated=date(2018, 3, 1), by=editor, at=ASSEMBLED_AT
        )
        assert [row.report.slug for row in queries.visible_reports(public)] == [SLUG]
        page = queries.report_page(SLUG, public)
        assert page is not None
        assert page.document is not None
        assert page.document.masthead.symbol == "HSP/1"
        assert (page.work, page.gaps, page.may_assemble, page.may_issue) == (None, (), False, False)

    def test_page_offers_the_next_step_to_who_may_do_it(self, rendering, officer, editor):
        steps = {
            "qa": (True, False, False),
            "editor": (False, True, False),
            "manager": (False, False, False),
        }
        for name, expected in steps.items():
            user = User.objects.get(email=f"{name}@demo.example.org")
            page = queries.report_page(SLUG, user)
            assert page is not None
            assert (page.may_assemble, page.may_clear, page.may_issue) == expected
            assert len(page.gaps) == 3
        services.clear(report=rendering.document.report, by=editor, at=ASSEMBLED_AT)
        page = queries.report_page(SLUG, editor)
        assert page is not None
        assert (page.may_clear, page.may_issue) == (False, True)

    def test_page_takes_eight_queries_at_most(
        self, rendering, officer, django_assert_max_num_queries
    ):
        officer = User.objects.get(pk=officer.pk)
        with django_assert_max_num_queries(8):
            queries.report_page(SLUG, officer)


class TestFile:
    def test_is_given_as_it_was_stored(self, rendering, officer):
        found = queries.rendering_file(SLUG, "en", "xlsx", officer)
        assert found is not None
        assert hashlib.sha256(found.content).hexdigest() == rendering.sha256 == found.sha256
        assert found.filename == f"{SLUG}.en.xlsx"
        assert len(found.content) == rendering.size

    @pytest.mark.parametrize("damage", ["missing", "altered"])
    def test_is_made_again_with_the_same_hash(self, rendering, officer, damage):
        path = storage.path_of(rendering.sha256, "xlsx")
        original = path.read_bytes()
        if damage == "missing":
            path.unlink()
        else:
            path.write_bytes(original[:-1])
        assert storage.read(rendering.sha256, "xlsx") is None
        found = queries.rendering_file(SLUG, "en", "xlsx", officer)
        assert found is not None
        assert found.content == original
        assert path.read_bytes() == original

    def test_with_other_bytes_than_recorded_is_never_given_out(
        self, rendering, officer, monkeypatch
    ):
        storage.path_of(rendering.sha256, "xlsx").unlink()
        monkeypatch.setattr(queries.reports, "render", lambda *_: b"of another release")
        assert queries.rendering_file(SLUG, "en", "xlsx", officer) is None
        assert not storage.path_of(rendering.sha256, "xlsx").exists()

    def test_that_was_not_made_is_none(self, rendering, officer):
        assert queries.rendering_file(SLUG, "fr", "xlsx", officer) is None
        assert queries.rendering_file("no-such-report", "en", "xlsx", officer) is None
        assert Report.objects.count() == 1


class TestStorage:
    def test_leaves_no_half_written_file(self, shelf_folder, tmp_path):
        taken = tmp_path / "taken"
        taken.mkdir()
        with pytest.raises(OSError, match="directory"):
            write_whole(taken, b"content", mode=0o600)
        assert [path.name for path in tmp_path.iterdir()] == ["taken"]

    def test_keeps_the_same_content_once(self, shelf_folder):
        first, second = storage.keep(b"content", "pdf"), storage.keep(b"content", "pdf")
        assert first == second == hashlib.sha256(b"content").hexdigest()
        assert len([p for p in shelf_folder.rglob("*") if p.is_file()]) == 1
