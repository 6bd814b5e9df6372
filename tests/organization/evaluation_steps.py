"""An evaluation on its way, step by step: every writing service of `evaluations`, and its values.

Registered, planned, made, published; what follows is in `follow_up_steps`. All of it is made up.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import evaluation_rows as rows
import factories
import follow_up_steps
import sample_files
from evaluation_unit import KIND, TODAY, Unit, criterion, evaluation, fresh, recommendation
from trail import Step

from evaluations.models import CriterionGrade, Mandate, Project
from evaluations.services import (
    evaluation_files,
    evaluation_parts,
    evaluations,
    findings,
    plans,
    projects,
    recommendations,
)
from evaluations.services.evaluation_parts import Member
from evaluations.services.projects import ProjectFacts


def steps_of(unit: Unit) -> list[Step]:
    """All steps, in an order in which each may be taken."""
    return [
        *registered(unit),
        *planned(unit),
        *made(unit),
        *found_out(unit),
        *recommended(unit),
        *published(unit),
        *follow_up_steps.steps_of(unit),
    ]


def registered(unit: Unit) -> list[Step]:
    """A project in the register, and what is known of it later."""
    facts = ProjectFacts(
        title="Land records",
        office=unit.house.branch,
        budget=Decimal(4_000_000),
        starts_on=date(2015, 1, 1),
        ends_on=date(2016, 12, 31),
    )
    who = {"language": "en", "by": unit.officer}

    def everywhere() -> ProjectFacts:
        area, country = unit.house.branch.focus_areas.get(), factories.country()
        return replace(facts, focus_areas=[area], countries=[country])

    return [
        (projects.add_project, lambda: {"code": "land-1", "given": everywhere(), **who}),
        (
            projects.keep_project,
            lambda: {"project": Project.objects.get(), "seen_revision": 0, "given": facts,
                     "reason": "It is for no one country.", **who},
        ),
    ]  # fmt: skip


def planned(unit: Unit) -> list[Step]:
    """Taken into the plan, changed; the plan approved twice, the second time with a reason."""
    officer = {"by": unit.officer}

    def approve(decision: str, reason: str) -> Step:
        return (
            plans.approve_plan,
            lambda: {"biennium": rows.biennium(), "decision": decision, "approved_on": TODAY,
                     "reason": reason, **officer},
        )  # fmt: skip

    return [
        (
            evaluations.plan_evaluation,
            lambda: {"code": "land-2016", "title": "Land", "language": "en", "kind": KIND,
                     "plan": rows.biennium(), "mandate": Mandate.objects.get(),
                     "conducted_by": "external", "budget": Decimal(80_000),
                     "starts_on": date(2016, 2, 1), "ends_on": date(2016, 11, 30),
                     "purpose": "To learn.", **officer},
        ),
        approve("Senior management, 16 January", ""),
        (
            evaluations.change_evaluation,
            lambda: {"language": "en", "budget": Decimal(90_000), "summary": "Land is recorded.",
                     **fresh(), **officer},
        ),
        approve("Senior management, again", "The market is dearer."),
    ]  # fmt: skip


def made(unit: Unit) -> list[Step]:
    """On its way to the report, and back, and given up, each with a reason; scope and team."""
    officer = {"by": unit.officer}

    def move(to: str, reason: str = "") -> Step:
        return (
            evaluations.move,
            lambda: {"to": to, "reason": reason, "on": TODAY, **fresh(), **officer},
        )

    def look_at(**things: Any) -> Step:
        return evaluation_parts.set_scope, lambda: {**things, **fresh(), **officer}

    def name(*names: str) -> Step:
        members = [Member(one, "leader") for one in names]
        return evaluation_parts.set_team, lambda: {"members": members, **fresh(), **officer}

    return [
        move("prepared"),
        move("planned", "The terms are not agreed."),
        move("cancelled", "No money."),
        move("planned", "There is money again."),
        move("prepared"),
        look_at(plan=True, strategies=["Land for all"]),
        (
            evaluation_parts.set_scope,
            lambda: {"focus_areas": unit.house.branch.focus_areas.all(),
                     "projects": Project.objects.all(), "countries": [factories.country()],
                     "regions": [factories.region()], "offices": [unit.house.branch],
                     **fresh(), **officer},
        ),
        name("Ada Leader", "Ben Leader"),
        name("Ada Leader"),
        move("under_way"),
    ]  # fmt: skip


def found_out(unit: Unit) -> list[Step]:
    """Criteria and how they are rated, findings, and the files."""
    officer = {"by": unit.officer}

    def judge_by(*codes: str) -> Step:
        return (
            evaluation_parts.choose_criteria,
            lambda: {"criteria": [criterion(code) for code in codes], **fresh(), **officer},
        )

    def rate(grade: str, reason: str) -> Step:
        def given() -> dict[str, Any]:
            found = criterion("relevance")
            wanted = CriterionGrade.objects.filter(code=grade).first()
            return {"criterion": found, "grade": wanted, "reason": reason, "language": "en",
                    **fresh(), **officer}  # fmt: skip

        return evaluation_parts.rate, given

    def find(text: str) -> Step:
        return (
            findings.add_finding,
            lambda: {"evaluation": evaluation(), "text": text, "language": "en", **officer},
        )

    def add(kind: str, content: bytes) -> Step:
        return (
            evaluation_files.add_file,
            lambda: {"evaluation": evaluation(), "kind": kind, "language": "en",
                     "name": f"{kind}.pdf", "content": content, **officer},
        )  # fmt: skip

    return [
        judge_by("relevance", "impact"),
        judge_by("relevance"),
        rate("good", "Land comes first."),
        rate("poor", "Land came first once."),
        rate("", ""),
        rate("good", "Land comes first again."),
        find("Towns keep records."),
        find("Villages do not."),
        (
            findings.change_finding,
            lambda: {"finding": evaluation().findings.get(number=1), "number": 3,
                     "text": "Most towns keep records.", "language": "en",
                     "criterion": criterion("impact"),
                     "seen_revision": evaluation().revision, **officer},
        ),
        (
            findings.remove_finding,
            lambda: {"finding": evaluation().findings.get(number=2),
                     "seen_revision": evaluation().revision, **officer},
        ),
        add("report", sample_files.PDF),
        add("report", sample_files.PDF + b"\n"),
        add("annex", sample_files.PDF),
        (
            evaluation_files.remove_file,
            lambda: {"file": evaluation().files.get(kind="annex"),
                     "seen_revision": evaluation().revision, **officer},
        ),
    ]  # fmt: skip


def recommend(unit: Unit, text: str) -> Step:
    """A recommendation to the branch."""
    return (
        recommendations.recommend,
        lambda: {"evaluation": evaluation(), "number": None, "text": text, "language": "en",
                 "office": unit.house.branch, "priority": "high", "by": unit.officer},
    )  # fmt: skip


def recommended(unit: Unit) -> list[Step]:
    """Two recommendations while the evaluation is under way; one is put to another office first."""
    return [
        recommend(unit, "Keep a register."),
        (
            recommendations.reword,
            lambda: {"recommendation": recommendation(), "text": "Keep a register of land.",
                     "language": "en", "office": unit.quality, "priority": "low",
                     "seen": "Keep a register.", "by": unit.officer},
        ),
        (
            recommendations.reword,
            lambda: {"recommendation": recommendation(), "text": "Keep a register of land.",
                     "language": "en", "office": unit.house.branch, "priority": "high",
                     "seen": "Keep a register of land.", "by": unit.officer},
        ),
        recommend(unit, "Count again."),
    ]  # fmt: skip


def published(unit: Unit) -> list[Step]:
    """Reported, published, amended; and one recommendation more, which amends it too."""
    officer = {"by": unit.officer}
    return [
        (
            evaluations.move,
            lambda: {"to": "reported", "reason": "", "on": TODAY, **fresh(), **officer},
        ),
        (
            evaluations.publish,
            lambda: {"report_number": 1, "report_year": 2017, "on": TODAY, "embargo_until": None,
                     **fresh(), **officer},
        ),
        (
            evaluations.amend,
            lambda: {"evaluation": evaluation(), "text": "On page 3, read 12 for 21.",
                     "language": "en", "on": TODAY, **officer},
        ),
        recommend(unit, "Publish the register."),
    ]  # fmt: skip
