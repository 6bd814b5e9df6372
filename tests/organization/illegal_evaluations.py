"""The illegal states of evaluations, recommendations and lessons: see `illegal_states`."""

from collections.abc import Callable
from typing import Any

import evaluation_rows as rows
import factories as make
from illegal_making import Attempt, again, change

from evaluations import models as m
from evaluations.models import FollowUp

NOW, TODAY = make.NOW, make.TODAY
SHA = "0" * 64


def planned(**fields: Any) -> m.Evaluation:
    return rows.evaluation("one", **fields)


def published() -> m.Evaluation:
    return rows.evaluation("2-2016", state="published", report_number=2)


def project() -> m.Project:
    return rows.project("p", office=make.office())


def scope(**named: Any) -> m.Scope:
    return rows.scope(planned(), **(named or {"focus_area": make.focus_area(1)}))


def member(of: m.Evaluation | None = None) -> m.TeamMember:
    one = of or planned()
    state = "published" if one.is_published else "draft"
    return make.saved(m.TeamMember(evaluation=one, name="Ana", capacity="leader", state=state))


def rating(of: m.Evaluation | None = None) -> m.CriterionRating:
    one = of or planned()
    return make.saved(
        m.CriterionRating(
            evaluation=one,
            criterion=rows.criterion(),
            grade=rows.grade("good", 1),
            reason=make.say("Since."),
            state="published" if one.is_published else "draft",
        )
    )


def finding(of: m.Evaluation | None = None) -> m.Finding:
    one = of or planned()
    state = "published" if one.is_published else "draft"
    return make.saved(m.Finding(evaluation=one, number=1, text=make.say("Found."), state=state))


def file(of: m.Evaluation | None = None) -> m.EvaluationFile:
    one = of or planned()
    return make.saved(
        m.EvaluationFile(
            evaluation=one,
            kind="report",
            language="en",
            name="report.pdf",
            media_type="application/pdf",
            size=1,
            sha256=SHA,
            added_at=NOW,
            added_by=make.person(),
            state="published" if one.is_published else "draft",
        )
    )


def stepped() -> m.EvaluationStep:
    return make.saved(
        m.EvaluationStep(
            evaluation=planned(), from_state="planned", to_state="prepared", on=TODAY, at=NOW
        )
    )


def amendment() -> m.Amendment:
    return make.saved(
        m.Amendment(evaluation=published(), number=1, text=make.say("Page 3."), on=TODAY, at=NOW)
    )


def listed() -> m.RecommendationList:
    return make.saved(
        m.RecommendationList(
            file_name="list.csv",
            sha256=SHA,
            size=1,
            language="en",
            state="read",
            made_at=NOW,
            made_by=make.person(),
        )
    )


def approved() -> m.PlanVersion:
    return make.saved(
        m.PlanVersion(
            biennium=make.period("2016-2017"),
            number=1,
            decision="Decision 1",
            approved_on=TODAY,
            content=[{"code": "one"}],
            sha256=SHA,
            at=NOW,
        )
    )


def recommended(of: m.Evaluation | None = None) -> m.Recommendation:
    return rows.recommendation(of or planned(), office=make.office(), number=1)


def responded() -> m.ManagementResponse:
    return make.saved(
        m.ManagementResponse(
            evaluation=published(), version=1, text=make.say("Thanks."), on=TODAY, at=NOW
        )
    )


def answered() -> m.Answer:
    return rows.answer(recommended())


def acted() -> m.Action:
    return rows.action(recommended())


def followed() -> FollowUp:
    action = acted()
    rows.follow_ups(action, ["in_progress"])
    return action.follow_ups.get()


def evidenced() -> m.FollowUpEvidence:
    return make.saved(
        m.FollowUpEvidence(
            follow_up=followed(),
            title="Minutes",
            link="https://example.org/minutes",
            added_at=NOW,
            added_by=make.person(),
        )
    )


def linked() -> m.Link:
    return make.saved(
        m.Link(recommendation=recommended(), kind="paragraph", paragraph="p.100", made_at=NOW)
    )


CASES: dict[str, Callable[[], Attempt]] = {
    "evaluations_project_budget_not_negative": lambda: change(project(), budget="-1"),
    "evaluations_project_line_not_negative": lambda: change(project(), evaluation_budget="-1"),
    "evaluations_project_ends_after_start": lambda: change(project(), ends_on="2015-12-31"),
    "evaluations_project_closes_after_start": lambda: change(project(), closed_on="2015-12-31"),
    "evaluations_threshold_positive": lambda: change(rows.threshold(), amount="0"),
    "evaluations_grade_place_once": lambda: again(rows.grade("good", 1), code="fair"),
    "evaluations_mandate_body_known": lambda: change(rows.mandate(), body="club"),
    "evaluations_mandate_says_where": lambda: change(rows.mandate(), reference=""),
    "evaluations_report_number_once": lambda: again(
        rows.evaluation("one", report_number=2, report_year=2016), code="two"
    ),
    "evaluations_report_number_with_year": lambda: change(planned(), report_number=2),
    "evaluations_evaluation_state_known": lambda: change(planned(), state="lost"),
    "evaluations_evaluation_conduct_known": lambda: change(planned(), conducted_by="friends"),
    "evaluations_evaluation_kind_known": lambda: change(planned(), kind="party"),
    "evaluations_evaluation_published_some_time": lambda: change(planned(), state="published"),
    "evaluations_evaluation_ends_after_start": lambda: change(
        planned(), starts_on="2017-01-02", ends_on="2017-01-01"
    ),
    "evaluations_evaluation_budget_not_negative": lambda: change(planned(), budget="-1"),
    "evaluations_scope_names_one_thing": lambda: change(scope(), focus_area_id=None),
    "evaluations_scope_focus_area_once": lambda: again(scope()),
    "evaluations_scope_project_once": lambda: again(scope(project=project())),
    "evaluations_scope_country_once": lambda: again(scope(country=make.country())),
    "evaluations_scope_region_once": lambda: again(scope(region=make.region())),
    "evaluations_scope_office_once": lambda: again(scope(office=make.office())),
    "evaluations_scope_state_known": lambda: change(scope(), state="lost"),
    "evaluations_member_named": lambda: change(member(), name=""),
    "evaluations_member_capacity_known": lambda: change(member(), capacity="guest"),
    "evaluations_member_state_known": lambda: change(member(), state="lost"),
    "evaluations_criterion_rated_once": lambda: again(rating()),
    "evaluations_rating_state_known": lambda: change(rating(), state="lost"),
    "evaluations_finding_number_once": lambda: again(finding()),
    "evaluations_finding_number_positive": lambda: change(finding(), number=0),
    "evaluations_finding_state_known": lambda: change(finding(), state="lost"),
    "evaluations_file_once": lambda: again(file(), name="other.pdf"),
    "evaluations_file_has_content": lambda: change(file(), size=0),
    "evaluations_file_kind_known": lambda: change(file(), kind="song"),
    "evaluations_file_state_known": lambda: change(file(), state="lost"),
    "evaluations_step_state_known": lambda: again(stepped(), to_state="lost"),
    "evaluations_amendment_number_once": lambda: again(amendment(), on="2017-01-01"),
    "evaluations_list_state_known": lambda: change(listed(), state="lost"),
    "evaluations_list_done_some_time": lambda: change(listed(), state="done"),
    "evaluations_list_has_a_file": lambda: change(listed(), size=0),
    "evaluations_lesson_kind_known": lambda: change(rows.lesson(), kind="joke"),
    "evaluations_lesson_state_known": lambda: change(rows.lesson(), state="lost"),
    "evaluations_lesson_published_some_time": lambda: change(rows.lesson(), published_at=None),
    "evaluations_plan_version_once": lambda: again(approved(), decision="Decision 2"),
    "evaluations_plan_changed_why": lambda: again(approved(), number=2),
    "evaluations_plan_names_decision": lambda: again(approved(), number=2, reason="More.", decision=""),
    "evaluations_state_main_once": lambda: again(rows.states()["proposed"], code="other"),
    "evaluations_state_phase_known": lambda: change(rows.states()["proposed"], phase="lost"),
    "evaluations_recommendation_number_once": lambda: again(recommended()),
    "evaluations_recommendation_number_positive": lambda: change(recommended(), number=0),
    "evaluations_recommendation_priority_known": lambda: change(recommended(), priority="some"),
    "evaluations_recommendation_state_known": lambda: change(recommended(), state="lost"),
    "evaluations_stand_known": lambda: change(recommended().stand, standing="lost"),
    "evaluations_response_version_once": lambda: again(responded(), on="2017-01-01"),
    "evaluations_response_changed_why": lambda: again(responded(), version=2),
    "evaluations_answer_version_once": lambda: again(answered(), on="2017-01-01"),
    "evaluations_answer_decision_known": lambda: again(
        answered(), version=2, changed_why="Since.", decision="perhaps"
    ),
    "evaluations_answer_rejected_with_reason": lambda: again(
        answered(), version=2, changed_why="Since.", decision="rejected"
    ),
    "evaluations_answer_changed_why": lambda: again(answered(), version=2),
    "evaluations_action_number_once": lambda: again(acted()),
    "evaluations_follow_up_number_once": lambda: again(followed(), on="2017-01-01"),
    "evaluations_follow_up_kind_known": lambda: again(followed(), number=2, kind="lost"),
    "evaluations_follow_up_says_why": lambda: again(followed(), number=2, kind="moved"),
    "evaluations_evidence_file_or_link": lambda: again(evidenced(), link=""),
    "evaluations_link_names_one_thing": lambda: change(linked(), paragraph=""),
}  # fmt: skip

UNCHANGEABLE: dict[str, tuple[Callable[[], Any], str, dict[str, str]]] = {
    "evaluations_evaluationstep": (stepped, "id", {"reason": "Forged"}),
    "evaluations_amendment": (amendment, "id", {"text": '"Forged"'}),
    "evaluations_planversion": (approved, "id", {"decision": "Forged"}),
    "evaluations_managementresponse": (responded, "id", {"reason": "Forged"}),
    "evaluations_answer": (answered, "id", {"decision": "partly"}),
    "evaluations_followup": (followed, "id", {"text": "Forged"}),
    "evaluations_followupevidence": (evidenced, "id", {"title": "Forged"}),
    # Their rows once the evaluation is published; before, they are worked on.
    "evaluations_evaluation": (published, "id", {"symbol": "Forged"}),
    "evaluations_scope": (
        lambda: rows.scope(published(), focus_area=make.focus_area(1)),
        "id",
        {"words": "Forged"},
    ),
    "evaluations_teammember": (lambda: member(published()), "id", {"name": "Forged"}),
    "evaluations_criterionrating": (lambda: rating(published()), "id", {"reason": '"Forged"'}),
    "evaluations_finding": (lambda: finding(published()), "id", {"text": '"Forged"'}),
    "evaluations_evaluationfile": (lambda: file(published()), "id", {"name": "Forged"}),
    "evaluations_recommendation": (lambda: recommended(published()), "id", {"searched": "Forged"}),
}
"""Unchangeable tables: how to make a row, its key, and what a forger would write."""
