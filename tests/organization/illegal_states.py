"""One illegal state for every named constraint of our tables, as a statement that would make it.

Each case starts from rows that are in order and changes only what its constraint forbids.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import factories as make
import illegal_evaluations
from illegal_making import Attempt, again, change

from focus_areas.models import FundedPosts, PlanText
from indicators.models import (
    AuthorityName,
    CheckAnswer,
    Correction,
    Distinction,
    FigurePart,
    PeriodException,
    PublishedAggregate,
    RatingGrade,
    RatingScale,
    Remark,
    SubmissionStep,
    Upload,
)
from jobs.models import Job
from organization.models import AccessKey, AuditEntry, Country, Notice
from organization.services import audit
from reporting.models import (
    BoundFigure,
    LeadTime,
    Question,
    Rendering,
    Report,
    ReportDocument,
    Section,
    SectionComment,
    SectionText,
    SectionVersion,
    Session,
    Slot,
)

NOW = make.NOW


def role() -> Any:
    return make.grant(make.person(), "approver", make.office())


def country() -> Country:
    return make.saved(Country(iso3="XAE", m49="996", name=make.say("Land")))


def audited() -> AuditEntry:
    audit.record(action="test", subject=make.office(), by=None, at=NOW)
    return AuditEntry.objects.get()


def text() -> PlanText:
    return make.saved(
        PlanText(revision=make.revision(), code="T", kind="title", paragraph="1", wording=make.say("T"))
    )


def posts() -> FundedPosts:
    return make.saved(
        FundedPosts(
            revision=make.revision(), fund="RB", name=make.say("RB"), posts=1, paragraph="Annex III"
        )
    )


def scale() -> RatingScale:
    row = RatingScale(
        code="default", on_track_from="0.9", no_progress_below="0.1", offices_needed="0.6"
    )
    return make.saved(row)


def grade() -> RatingGrade:
    return make.saved(RatingGrade(scale=scale(), code="on", word=make.say("on"), ordinal=1))


def figure(kind: str = "number", **fields: Any) -> Any:
    return make.figure(make.indicator(kind=kind), make.office(), **fields)


def ratio() -> Any:
    return figure("ratio", numerator="1", denominator="2")


def excused() -> Any:
    return figure(not_applicable=True, reason="No coast.")


def part() -> FigurePart:
    category = make.axis("sex", "women").categories.get()
    return make.saved(FigurePart(figure=figure(value="7"), category=category, value=3))


def answer() -> CheckAnswer:
    row = CheckAnswer(figure=figure(value="7"), check_code="no_evidence", sentence="In print.")
    row.answered_at, row.answered_by = NOW, make.person()
    return make.saved(row)


def correction() -> Correction:
    row = Correction(figure=figure(value="7"), before={"value": "6"}, after={"value": "7"})
    row.reason, row.corrected_at, row.corrected_by = "Typing error.", NOW, make.person()
    return make.saved(row)


def evidence() -> Any:
    return make.evidence(make.indicator(), make.office())


def option() -> Any:
    return make.option(make.indicator(kind="scale"), "drafted", 1)


def assignment() -> Any:
    return make.assign(make.indicator(), make.office(), since_year=2015)


def target(**fields: Any) -> Any:
    return make.target(make.indicator(), 2017, "20", **fields)


def achievement() -> Any:
    return make.achievement(make.indicator(kind="count"), make.authority(), make.office())


def weighted_series() -> Any:
    measure = make.indicator(kind="statistic")
    return make.series("SLUM", measure=measure, weight=make.series("POP"))


def observation() -> Any:
    return make.observation(make.series("SLUM"), "XAA", 2016, "10")


def published() -> PublishedAggregate:
    row = PublishedAggregate(series=make.series("SLUM"), region=make.region(), year=2016, value=1)
    return make.saved(row)


def exception() -> PeriodException:
    row = PeriodException(period=make.period("2016"), office=make.office(), reason="Flood.")
    row.until, row.granted_by, row.granted_at = date(2017, 2, 1), make.person(), NOW
    return make.saved(row)


def submission(state: str) -> Any:
    return make.submission(make.office(), state=state)


def step() -> SubmissionStep:
    row = SubmissionStep(submission=submission("submitted"), number=1, action="submit")
    row.made_at, row.made_by = NOW, make.person()
    return make.saved(row)


def remark(kind: str = "query", **fields: Any) -> Remark:
    row = Remark(indicator=make.indicator(), office=make.office(), period=make.period("2016"))
    row.kind, row.text, row.made_at, row.made_by = kind, "Which cities?", NOW, make.person()
    for name, value in fields.items():
        setattr(row, name, value)
    return make.saved(row)


def upload() -> Upload:
    row = Upload(kind="figures", file_name="roap.xlsx", sha256="0" * 64, size=1, language="en")
    row.made_at, row.made_by = NOW, make.person()
    return make.saved(row)


def other_name() -> AuthorityName:
    row = AuthorityName(authority=make.authority("Alba"), name="ألبا", match_key="ألبا")
    return make.saved(row)


def distinction() -> Distinction:
    first, second = make.authority("Alba"), make.authority("Albany")
    row = Distinction(first=first, second=second, reason="Two towns.")
    row.decided_at, row.decided_by = NOW, make.person()
    return make.saved(row)


def notice() -> Notice:
    row = Notice(recipient=make.person(), key="due:ROAP:2016:7", subject="Due", text="Due", path="/")
    row.made_at = NOW
    return make.saved(row)


def access_key() -> AccessKey:
    row = AccessKey(user=make.person(), name="Laptop", digest="0" * 64, made_at=NOW)
    row.expires_on = NOW.date()
    return make.saved(row)


def report() -> Report:
    return make.saved(Report(kind="annual", period=make.period("2016"), slug="annual-2016"))


def document() -> ReportDocument:
    row = ReportDocument(report=report(), number=1, schema_version=1, content="{}", sha256="0" * 64)
    row.gaps, row.gaps_confirmed_by, row.assembled_at = ["BR1"], make.person(), NOW
    return make.saved(row)


def rendering() -> Rendering:
    row = Rendering(document=document(), language="en", format="pdf", sha256="0" * 64, size=1)
    row.rendered_at = NOW
    return make.saved(row)


def cleared() -> Report:
    frozen = document()
    row = frozen.report
    row.state, row.document = "cleared", frozen
    row.cleared_at, row.cleared_by = NOW, make.person()
    return make.saved(row)


def issued() -> Report:
    row = cleared()
    row.state, row.symbol = "issued", "HSP/GC/1"
    row.issued_on, row.issued_by = NOW.date(), make.person()
    return make.saved(row)


def corrigendum() -> Report:
    corrected = issued()
    row = Report(kind="corrigendum", period=corrected.period, slug="annual-2016-corr-1")
    row.corrects, row.ordinal = corrected, 1
    return make.saved(row)


def session() -> Session:
    row = Session(code="GC-26", body="governing_council", name=make.say("Session"))
    row.starts_on = row.ends_on = date(2017, 5, 8)
    row.source = "HSP/GC/26/6"
    return make.saved(row)


def lead_time() -> LeadTime:
    return make.saved(LeadTime(body="committee", step="draft", days=84))


def slot() -> Slot:
    return make.saved(Slot(kind="annual", period=make.period("2016"), session=session()))


def section() -> Section:
    row = Section(report=report(), code="highlights", office=make.office(), changed_at=NOW)
    return make.saved(row)


def section_text() -> SectionText:
    return make.saved(SectionText(section=section(), language="en", body="A", written_at=NOW))


def version() -> SectionVersion:
    row = SectionVersion(text=section_text(), revision=1, body="A", written_at=NOW)
    return make.saved(row)


def bound() -> BoundFigure:
    row = BoundFigure(section=section(), reference="FA1.1@2016:actual", value=7, seen_at=NOW)
    return make.saved(row)


def comment() -> SectionComment:
    row = SectionComment(section=section(), text="Which cities?", made_at=NOW)
    row.made_by = make.person()
    return make.saved(row)


def question() -> Question:
    row = Question(report=issued(), office=make.office(kind="mission"), text="Why?", asked_at=NOW)
    row.asked_by = make.person()
    return make.saved(row)


def job(**fields: Any) -> Job:
    values = {"kind": "rehearsal", "key": "1", "queued_at": NOW, "steps_total": 3, **fields}
    return make.saved(Job(**values))


def count_indicator(**fields: Any) -> Any:
    return make.indicator(kind="count", **fields)


CASES: dict[str, Callable[[], Attempt]] = {
    "organization_user_email_lower_case": lambda: change(make.person(), email="ANA@EXAMPLE.ORG"),
    "organization_user_mail_known": lambda: change(make.person(), mail="pigeon"),
    "organization_notice_once": lambda: again(notice(), subject="Due again"),
    "organization_notice_taken_before_sent": lambda: change(notice(), sent_at=NOW),
    "organization_access_key_has_a_digest": lambda: change(access_key(), digest=""),
    "organization_office_code_given": lambda: change(make.office(), code=""),
    "organization_office_not_own_parent": lambda: (
        lambda row: change(row, parent_id=row.pk))(make.office()),
    "organization_office_kind_known": lambda: change(make.office(), kind="club"),
    "organization_role_held_once": lambda: again(role(), since="2015-01-01"),
    "organization_role_ends_after_start": lambda: change(role(), until="2013-12-31"),
    "organization_role_known": lambda: change(role(), role="king"),
    "organization_country_iso3_three_letters": lambda: change(country(), iso3="XA"),
    "organization_country_m49_once": lambda: again(country(), iso3="XAF"),
    "organization_audit_chain_never_forks": lambda: again(audited(), number=2, hash="1" * 64),
    "focus_areas_plan_ends_after_start": lambda: change(make.plan(), end_year=2013),
    "focus_areas_revision_once": lambda: again(make.revision(), symbol="Other"),
    "focus_areas_text_once_in_revision": lambda: again(text(), kind="result"),
    "focus_areas_text_code_given": lambda: change(text(), code=""),
    "focus_areas_text_carries_paragraph_or_source": lambda: change(text(), paragraph=""),
    "focus_areas_number_once": lambda: again(make.focus_area(1), code="FA9"),
    "focus_areas_number_positive": lambda: change(make.focus_area(1), number=0),
    "focus_areas_result_level_fits_focus_area": lambda: change(make.result(), level="plan"),
    "focus_areas_period_ends_after_start": lambda: change(make.period("2016"), end="2015-12-31"),
    "focus_areas_period_kind_known": lambda: change(make.period("2016"), kind="decade"),
    "focus_areas_fund_once": lambda: again(posts(), posts=2),
    "indicators_category_once": lambda: again(make.axis("sex", "women").categories.get()),
    "indicators_cumulative_is_never_summed": lambda: change(
        make.indicator(), entry_meaning="to_date"),
    "indicators_count_is_of_distinct_authorities": lambda: change(
        count_indicator(), place_rule="sum"),
    "indicators_ratio_total_is_ratio_of_sums": lambda: change(
        make.indicator(kind="ratio"), place_rule="sum"),
    "indicators_statistic_is_weighted": lambda: change(
        make.indicator(kind="statistic"), place_rule="sum"),
    "indicators_decimals_few": lambda: change(make.indicator(), decimals=5),
    "indicators_kind_known": lambda: change(make.indicator(), kind="guess"),
    "indicators_option_once": lambda: again(option(), rank=2),
    "indicators_option_rank_once": lambda: again(option(), code="adopted"),
    "indicators_assignment_once": lambda: again(assignment(), since_year=2016),
    "indicators_assignment_ends_after_start": lambda: change(assignment(), until_year=2014),
    "indicators_baseline_has_a_source": lambda: change(
        make.baseline(make.indicator(), "1"), source=""),
    "indicators_target_version_once": lambda: again(target(), value="21"),
    "indicators_office_target_version_once": lambda: again(target(office=make.office()), value="2"),
    "indicators_revised_target_has_a_reason": lambda: change(target(), version=2),
    "indicators_target_version_positive": lambda: change(target(), version=0, reason="Why"),
    "indicators_scale_thresholds_in_order": lambda: change(scale(), on_track_from="0.1"),
    "indicators_grade_once": lambda: again(grade(), ordinal=2),
    "indicators_authority_once": lambda: again(make.authority("Alba"), name="ALBA"),
    "indicators_authority_type_known": lambda: change(make.authority(), type="global"),
    "indicators_authority_not_into_itself": lambda: (
        lambda row: change(row, merged_into_id=row.pk))(make.authority()),
    "indicators_authority_has_a_name": lambda: change(make.authority(), match_key=""),
    "indicators_achievement_once": lambda: again(achievement(), achieved_on="2016-07-01"),
    "indicators_figure_once": lambda: again(figure(value="7"), value="8"),
    "indicators_not_applicable_has_a_reason": lambda: change(excused(), reason=""),
    "indicators_not_applicable_has_no_value": lambda: change(excused(), value="7"),
    "indicators_ratio_has_both_parts": lambda: change(ratio(), denominator=None),
    "indicators_ratio_parts_not_negative": lambda: change(ratio(), numerator="-1"),
    "indicators_part_once": lambda: again(part(), value="4"),
    "indicators_part_not_negative": lambda: change(part(), value="-1"),
    "indicators_check_answered_once": lambda: again(answer(), sentence="Again."),
    "indicators_check_answer_not_empty": lambda: change(answer(), sentence=""),
    "indicators_evidence_not_empty": lambda: change(evidence(), note=""),
    "indicators_evidence_file_complete": lambda: change(evidence(), size=3),
    "indicators_evidence_retired_by_somebody": lambda: change(evidence(), retired_at=NOW),
    "indicators_figure_cause_known": lambda: change(figure(value="7"), cause="weather"),
    "indicators_authority_name_once": lambda: again(other_name(), name="ألبا"),
    "indicators_authority_name_not_empty": lambda: change(other_name(), match_key=""),
    "indicators_distinction_once": lambda: again(distinction(), reason="Again."),
    "indicators_distinction_in_order": lambda: (
        lambda row: change(row, second_id=row.first_id))(distinction()),
    "indicators_distinction_has_a_reason": lambda: change(distinction(), reason=""),
    "indicators_remark_not_empty": lambda: change(remark(), text=""),
    "indicators_remark_kind_known": lambda: change(remark(), kind="answer"),
    "indicators_remark_settled_by_somebody": lambda: change(remark(), settled_at=NOW),
    "indicators_submission_step_once": lambda: again(step(), note="Again."),
    "indicators_submission_step_known": lambda: again(step(), number=2, action="lose"),
    "indicators_upload_kind_known": lambda: change(upload(), kind="pictures"),
    "indicators_upload_state_known": lambda: change(upload(), state="lost"),
    "indicators_upload_confirmed_before_saved": lambda: change(upload(), state="done"),
    "indicators_upload_has_a_file": lambda: change(upload(), size=0),
    "indicators_correction_has_a_reason": lambda: again(correction(), reason=""),
    "indicators_correction_changes_something": lambda: again(
        correction(), after=json.dumps({"value": "6"})),
    "indicators_series_has_source_and_licence": lambda: change(make.series("POP"), licence=""),
    "indicators_series_of_an_indicator_is_weighted": lambda: change(
        weighted_series(), weight_id=None),
    "indicators_observation_once": lambda: again(observation(), value="11"),
    "indicators_observation_qualifier_known": lambda: change(observation(), qualifier="~"),
    "indicators_published_once": lambda: again(published(), value="2"),
    "indicators_window_closed_by_somebody": lambda: change(make.window(), closed_at=NOW),
    "indicators_exception_has_a_reason": lambda: change(exception(), reason=""),
    "indicators_submission_once": lambda: again(submission("draft")),
    "indicators_submission_state_known": lambda: change(submission("approved"), state="lost"),
    "indicators_never_approved_by_submitter": lambda: (
        lambda row: change(row, approved_by_id=row.submitted_by_id))(submission("approved")),
    "indicators_verified_by_a_third_person": lambda: (
        lambda row: change(row, verified_by_id=row.approved_by_id))(submission("verified")),
    "indicators_submitted_by_somebody": lambda: change(submission("draft"), state="submitted"),
    "indicators_approved_by_somebody": lambda: change(submission("submitted"), state="approved"),
    "indicators_verified_by_somebody": lambda: change(submission("approved"), state="verified"),
    "indicators_returned_with_a_note": lambda: change(submission("returned"), return_note=""),
    "reporting_report_once": lambda: again(report(), slug="annual-2016-b"),
    "reporting_symbol_once": lambda: again(
        issued(), slug="other", kind="biennial", period_id=make.period("2015").pk),
    "reporting_assembled_has_a_document": lambda: change(report(), state="assembled"),
    # From cleared rows: a trigger refuses every change of one that is issued.
    "reporting_cleared_by_somebody": lambda: change(cleared(), cleared_by_id=None),
    "reporting_issued_has_symbol_and_date": lambda: change(cleared(), state="issued"),
    "reporting_corrigendum_once": lambda: again(corrigendum(), slug="annual-2016-corr-b"),
    "reporting_corrigendum_has_a_number": lambda: change(corrigendum(), ordinal=0),
    "reporting_document_once": lambda: again(document(), content="[]"),
    "reporting_gaps_confirmed_by_somebody": lambda: again(
        document(), number=2, gaps_confirmed_by_id=None),
    "reporting_rendering_once": lambda: again(rendering(), size=2),
    "reporting_session_ends_after_start": lambda: change(session(), ends_on="2017-05-07"),
    "reporting_session_body_known": lambda: change(session(), body="parliament"),
    "reporting_session_date_has_a_source": lambda: change(session(), source=""),
    "reporting_lead_time_once": lambda: again(lead_time(), days=7),
    "reporting_lead_time_step_known": lambda: change(lead_time(), step="rest"),
    "reporting_slot_once": lambda: again(slot()),
    "reporting_section_once": lambda: again(section(), original="fr"),
    "reporting_section_state_known": lambda: change(section(), state="lost"),
    "reporting_section_returned_with_a_note": lambda: change(section(), state="returned"),
    "reporting_text_once_in_a_language": lambda: again(section_text(), body="B"),
    "reporting_version_once": lambda: again(version(), body="B"),
    "reporting_bound_figure_once": lambda: again(bound(), value=8),
    "reporting_bound_figure_value_or_nothing": lambda: change(bound(), value=None),
    "reporting_comment_says_something": lambda: change(comment(), text=""),
    "reporting_comment_settled_by_somebody": lambda: change(comment(), settled_at=NOW),
    "reporting_question_asks_something": lambda: change(question(), text=""),
    "reporting_question_answered_by_somebody": lambda: change(question(), answer="Because."),
    "job_kind_key_unique": lambda: again(job()),
    "job_state_known": lambda: change(job(), state="asleep", finished_at=NOW),
    "job_steps_within_total": lambda: change(job(), steps_done=4),
    "job_attempts_within_cap": lambda: change(job(), attempts=4),
    "job_lease_while_running": lambda: change(job(), lease_owner="w", lease_until=NOW),
    "job_finished_has_time": lambda: change(job(), state="done"),
    "job_failure_has_reason": lambda: change(job(), state="failed", finished_at=NOW),
    **illegal_evaluations.CASES,
}
