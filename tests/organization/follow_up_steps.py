"""What follows an evaluation, step by step: answers, actions, evidence, links, lessons, lists."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import evaluation_rows as rows
import factories
from evaluation_unit import (
    SOON,
    TODAY,
    Unit,
    action,
    evaluation,
    last_entry,
    lesson,
    recommendation,
)
from trail import NOW, Step

from evaluations.models import Evaluation, FollowUp, Link, RecommendationList
from evaluations.services import (
    follow_up_evidence,
    follow_ups,
    imports,
    lessons,
    links,
    recorded,
    reminders,
    responses,
)
from evaluations.services.follow_up_evidence import Piece, link_piece
from evaluations.services.lessons import Written
from evaluations.services.told import Told, ToldAction, ToldAnswer, steps_to
from habitat_plan.kit.wording import Wording
from organization.models import User

LIST = (
    "Evaluation\tNumber\tRecommendation\tOffice\tResponse\tAnswered on\tAction\tState\tClosed on\n"
    "7/2016\t21\tShare plans.\tQAU\taccepted\t2017-01-05\tPut them online.\timplemented\t2017-01-10\n"
)
LESSON = Written(
    kind="lesson",
    language="en",
    title="Agree on money before an office opens",
    context="Three offices opened in 2015.",
    text="Sign the agreement first.",
    evidence="Finding 1.",
)


def steps_of(unit: Unit) -> list[Step]:
    """All steps after the evaluation is published, in an order in which each may be taken."""
    return [
        *answered(unit),
        *followed(unit),
        *closed(unit),
        *linked(unit),
        *learned(unit),
        *brought_in(unit),
        *told(unit),
    ]


def sent() -> dict[str, Any]:
    """The first action as a form has it that is sent at once."""
    found = action()
    return {"action": found, "on": TODAY, "seen_revision": found.revision}


def answered(unit: Unit) -> list[Step]:
    """Answered as a whole and one by one, then anew; what was answered elsewhere recorded."""
    approver, officer = {"by": unit.house.approver}, {"by": unit.officer, "as_recorded": True}
    manager = {"by": unit.manager}

    def respond(who: dict[str, Any], to: Evaluation | None = None, reason: str = "") -> Step:
        def given() -> dict[str, Any]:
            about = to or evaluation()
            return {"evaluation": about, "text": "We agree.", "differences": reason,
                    "language": "en", "on": TODAY, "reason": reason,
                    "seen_version": about.responses.count(), **who}  # fmt: skip

        return responses.respond_as_a_whole, given

    def answer(
        number: int, decision: str, who: dict[str, Any], reason: str = "", changed_why: str = ""
    ) -> Step:
        def given() -> dict[str, Any]:
            to = recommendation(number)
            return {"recommendation": to, "decision": decision, "text": "Seen.", "reason": reason,
                    "language": "en", "on": TODAY, "changed_why": changed_why,
                    "seen_version": to.answers.count(), **who}  # fmt: skip

        return responses.answer, given

    def plan(text: str, due_on: date | None, who: dict[str, Any]) -> Step:
        return (
            responses.plan_action,
            lambda: {"recommendation": recommendation(), "text": text, "language": "en",
                     "office": unit.house.branch, "owner": None, "due_on": due_on, "on": TODAY,
                     **who},
        )  # fmt: skip

    return [
        respond(manager),
        respond(manager, reason="One office differs."),
        answer(1, "partly", approver, reason="Not in villages."),
        answer(1, "accepted", approver, changed_why="Villages agreed."),
        answer(2, "rejected", manager, reason="It was counted twice."),
        answer(2, "partly", manager, reason="Not yet.", changed_why="Asked again."),
        answer(3, "accepted", officer),
        plan("Write the register.", SOON, approver),
        plan("Print the register.", None, officer),
    ]


def followed(unit: Unit) -> list[Step]:
    """Reported with evidence, proposed as done, returned, proposed again, verified."""
    owner, officer = {"by": unit.house.contributor}, {"by": unit.officer}

    def propose(text: str) -> Step:
        return follow_ups.propose, lambda: {"text": text, **sent(), **owner}

    def show(link: str) -> list[Piece]:
        return [link_piece(title="The register", link=f"https://example.org/{link}")]

    return [
        (
            follow_ups.report,
            lambda: {"state": rows.states()["in_progress"], "text": "Half is written.",
                     "reason": "", "evidence": show("half"), **sent(), **owner},
        ),
        (
            follow_up_evidence.add,
            lambda: {"follow_up": last_entry(), "pieces": show("more"), **owner},
        ),
        (
            follow_up_evidence.add_link,
            lambda: {"follow_up": last_entry(), "title": "", "link": "https://example.org/list",
                     **owner},
        ),
        (
            follow_up_evidence.add_file,
            lambda: {"follow_up": last_entry(), "name": "list.csv", "content": b"Alba", "title": "",
                     **owner},
        ),
        (
            follow_ups.report,
            lambda: {"state": rows.states()["not_started"], "text": "It was lost.",
                     "reason": "It begins anew.", **sent(), **owner},
        ),
        (
            follow_ups.report,
            lambda: {"state": rows.states()["in_progress"], "text": "It is found.",
                     "reason": "", **sent(), **owner},
        ),
        propose("It is written."),
        (follow_ups.send_back, lambda: {"reason": "Pages are missing.", **sent(), **officer}),
        propose("All pages are written."),
        (follow_ups.verify, lambda: {"text": "Seen.", **sent(), **officer}),
    ]  # fmt: skip


def closed(unit: Unit) -> list[Step]:
    """Opened again, its day moved, and at last overtaken by events."""
    officer = {"by": unit.officer}

    return [
        (follow_ups.reopen, lambda: {"reason": "It is not kept up.", **sent(), **officer}),
        (
            follow_ups.move_due,
            lambda: {"due_on": date(2017, 9, 30), "reason": "The archive is closed.", "by": unit.house.approver,
                     **sent()},
        ),
        (follow_ups.overtake, lambda: {"reason": "A law asks for it now.", **sent(), **officer}),
    ]  # fmt: skip


def linked(unit: Unit) -> list[Step]:
    """What the recommendation touches and led to; one link is taken back."""

    def link(kind: str, thing: Any) -> Step:
        return (
            links.link,
            lambda: {"recommendation": recommendation(), "kind": kind, "thing": thing,
                     "note": "It says so.", "language": "en", "by": unit.officer},
        )  # fmt: skip

    return [
        link("indicator", "FA1.1"),
        link("revision", "2015"),
        link("paragraph", "p.100"),
        (
            links.unlink,
            lambda: {"link": Link.objects.get(kind="indicator"),
                     "reason": "It is another one.", "by": unit.officer},
        ),
    ]  # fmt: skip


def learned(unit: Unit) -> list[Step]:
    """A lesson that is proposed, changed, published, changed with a reason, retired.

    Only one of these adds a tag, or the entry of the tag would stand for that of the lesson.
    """
    officer = {"by": unit.officer}

    def write() -> dict[str, Any]:
        area, country = unit.house.branch.focus_areas.get(), factories.country()
        written = replace(
            LESSON, evaluation=evaluation(), focus_areas=(area,), countries=(country,)
        )
        return {"written": written, "by": unit.house.contributor}

    def change(written: Written, by: User, reason: str = "") -> Step:
        return (
            lessons.change,
            lambda: {"lesson": lesson(), "written": written, "reason": reason, "by": by,
                     "seen_revision": lesson().revision},
        )  # fmt: skip

    def end(service: Any, **given: Any) -> Step:
        return (
            service,
            lambda: {"lesson": lesson(), "seen_revision": lesson().revision, **given, **officer},
        )

    return [
        (lessons.write, write),
        change(replace(LESSON, tags=("Money",)), unit.house.contributor),
        end(lessons.publish),
        change(replace(LESSON, title="Agree on money first"), unit.officer, "It was too long."),
        end(lessons.retire, reason="The rules changed."),
    ]


def brought_in(unit: Unit) -> list[Step]:
    """What was recommended and done elsewhere: recorded, and from two lists, one put away."""
    officer = {"by": unit.officer}

    def newest() -> RecommendationList:
        return RecommendationList.objects.latest("pk")

    def receive(content: str) -> Step:
        return (
            imports.receive,
            lambda: {"file_name": "list.csv", "content": content.encode(), "language": "en",
                     **officer},
        )  # fmt: skip

    def confirm() -> dict[str, Any]:
        seen = imports.preview(found=newest(), at=NOW, **officer).fingerprint
        return {"found": newest(), "seen": seen, "only_right": False, **officer}

    return [
        (recorded.record, lambda: {"told": [told_elsewhere(unit)], **officer}),
        receive(LIST),
        (imports.confirm, confirm),
        receive(LIST.replace("21", "22")),
        (imports.discard, lambda: {"found": newest(), **officer}),
    ]


def told_elsewhere(unit: Unit) -> Told:
    """A recommendation of the earlier report with its answer, and its action that is done."""
    states, on = rows.states(), TODAY - timedelta(days=6)
    done = steps_to(
        states["implemented"], main=states, on=TODAY, text="Told.", reason="", by=unit.officer
    )  # fmt: skip
    return Told(
        evaluation=unit.earlier,
        number=20,
        text=Wording.of(en="Meet each year."),
        office=unit.quality,
        answer=ToldAnswer("accepted", on),
        actions=(ToldAction(Wording.of(en="Meet in May."), unit.quality, on, steps=done),),
    )


def told(unit: Unit) -> list[Step]:
    """Who is told of the closure proposed in the earlier report, of its return, of what is due."""

    def proposal() -> FollowUp:
        found = FollowUp.objects.select_related("action__office", "action__recommendation")
        return found.get(
            action__recommendation__evaluation=unit.earlier,
            kind="proposed",
            by=unit.house.contributor,
        )

    return [
        (
            reminders.told_of_proposal,
            lambda: {"follow_up": proposal(), "by": unit.house.contributor},
        ),
        (reminders.told_of_return, lambda: {"follow_up": proposal(), "by": unit.officer}),
        (reminders.remind, dict),
    ]
