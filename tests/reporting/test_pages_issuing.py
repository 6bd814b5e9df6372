"""From assembly to issue on the pages, over the figures of the demonstration."""

from demonstration_data import ASSEMBLED_AT as AT

from indicators.models import Figure
from reporting import services
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report
from reporting.services import narrative

ASSEMBLED = "biennial-progress-2016-2017"


def text_of(response) -> str:
    return response.content.decode()


class TestClearAndIssue:
    def test_the_editor_clears_and_issues_under_symbol_and_date(
        self, client, biennium, officer, editor, shelf_folder
    ):
        services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=AT
        )
        client.force_login(editor)
        client.post(f"/en/reports/{ASSEMBLED}/clear/")
        assert Report.objects.get(slug=ASSEMBLED).state == "cleared"
        typed = {"symbol": "HSP/GC/27/5", "dated": "2020-03-02", "agenda_item": "8"}
        client.post(f"/en/reports/{ASSEMBLED}/issue/", typed)
        report = Report.objects.get(slug=ASSEMBLED)
        assert (report.state, report.symbol, str(report.issued_on), report.agenda_item) == (
            "issued", "HSP/GC/27/5", "2020-03-02", "8",
        )  # fmt: skip

    def test_says_which_figures_changed_since_the_report_was_assembled(
        self, client, biennium, officer, editor
    ):
        services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=AT
        )
        Figure.objects.filter(indicator__code="MK.1", period__code="2017").update(value=70)
        client.force_login(editor)
        answer = client.post(f"/en/reports/{ASSEMBLED}/clear/")
        assert answer.status_code == 409
        assert "Assemble it again" in text_of(answer)
        assert "MK.1@2016-2017:actual: was 69, is 70" in text_of(answer)
        assert Report.objects.get(slug=ASSEMBLED).state == "assembled"

    def test_names_unwritten_sections_and_asks_for_a_word_before_clearing(
        self, client, biennium, officer, editor
    ):
        report = services.plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)
        narrative.open_sections(report=report, by=editor, at=AT)
        services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=AT
        )
        client.force_login(editor)
        answer = client.post(f"/en/reports/{ASSEMBLED}/clear/")
        assert answer.status_code == 409
        assert "Highlights of the biennium: not written" in text_of(answer)
        assert 'name="confirm_open"' in text_of(answer)
        client.post(f"/en/reports/{ASSEMBLED}/clear/", {"confirm_open": "on"})
        assert Report.objects.get(slug=ASSEMBLED).state == "cleared"

    def test_does_not_clear_a_text_that_refers_to_no_figure(
        self, client, biennium, officer, editor
    ):
        report = services.plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)
        narrative.open_sections(report=report, by=editor, at=AT)
        section = report.sections.get(code="highlights")
        narrative.save(
            section=section, language="en", body="Of [[FA9.9@2017:actual]].", seen_revision=0,
            by=editor, at=AT,
        )  # fmt: skip
        services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=AT
        )
        client.force_login(editor)
        answer = client.post(f"/en/reports/{ASSEMBLED}/clear/", {"confirm_open": "on"})
        assert answer.status_code == 409
        assert "FA9.9@2017:actual: this report has no such indicator" in text_of(answer)
        assert Report.objects.get(slug=ASSEMBLED).state == "assembled"
