"""A report on its way, step by step: every writing service of `reporting`, and what it is given.

Planned and written, translated, assembled, issued, asked about, corrected. All of it is made up.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import factories
from trail import NOW, Step

from indicators.models import Figure, RatingGrade, RatingScale
from indicators.rules.ratings import Status
from indicators.services import corrections as figures
from indicators.services.entry import Typed
from organization.models import Office, User
from reporting.exchange import write_xliff
from reporting.kinds import ANNUAL_PROGRESS, BIENNIAL_PROGRESS
from reporting.models import (
    Question,
    Report,
    Section,
    SectionComment,
    SectionVersion,
    Session,
)
from reporting.queries.hand_off import hand_off
from reporting.queries.narrative import section_row
from reporting.queries.returned import preview
from reporting.services import (
    calendar,
    corrections,
    issuing,
    narrative,
    questions,
    reports,
    section_steps,
    translation,
    work,
)

LATER = NOW + timedelta(days=1)
"""After the report was assembled and issued: what is corrected then asks for a corrigendum."""
REFERENCE = "FA1.1@2016:actual"
ENGLISH = f"Towns with a plan: [[{REFERENCE}]]."


@dataclass(frozen=True)
class Desk:
    """The house, those who work on reports, and a delegate who asks."""

    house: factories.House
    editor: User
    mission: Office
    delegate: User


def make_desk(house: factories.House) -> Desk:
    """The desk, an approved figure that its office explained, and two sessions."""
    for code in ("PO", "MOD", "EVU"):
        factories.office(code, kind="unit")
    _make_figure(house)
    for code in ("CPR-1", "CPR-2"):
        row = Session(code=code, body="committee", name=factories.say(code), is_assumed=True)
        row.starts_on = row.ends_on = date(2017, 5, 8)
        factories.saved(row)
    mission = factories.office("M", kind="mission")
    return Desk(
        house=house,
        editor=factories.person("Eli Editor", report_editor=Office.objects.get(code="QAU")),
        mission=mission,
        delegate=factories.person("Mia Mission", committee=mission),
    )


def _make_figure(house: factories.House) -> None:
    factories.revision()
    scale = RatingScale(
        code="default", on_track_from="0.9", no_progress_below="0.1", offices_needed="0.6"
    )
    factories.saved(scale)
    for ordinal, status in enumerate(Status):
        grade = RatingGrade(scale=scale, code=status.value, word=factories.say(status.value))
        grade.ordinal = ordinal
        factories.saved(grade)
    area = factories.focus_area(1, branch=house.branch)
    promised = factories.result(code="FA1", area=area, office=house.branch)
    measure = factories.indicator("FA1.1", offices=[house.branch], result=promised)
    factories.figure(measure, house.branch, value="7", explanation="Two laws were late.")
    factories.submission(house.branch, state="approved")


def report() -> Report:
    """The report as it stands now."""
    return Report.objects.select_related("period", "document").get(kind=ANNUAL_PROGRESS.code)


def section(code: str = "FA1.results") -> Section:
    """A section of it as it stands now."""
    return report().sections.get(code=code)


def steps_of(desk: Desk) -> list[Step]:
    """All steps, in an order in which each may be taken."""
    return [
        *planned(desk),
        *written(desk),
        *cleared(desk),
        *issued(desk),
        *asked(desk),
        *corrected(desk),
    ]


def planned(desk: Desk) -> list[Step]:
    """In the calendar; then asked for, and the work in the background cancelled and taken up."""
    kind, year, officer = ANNUAL_PROGRESS.code, desk.house.year, {"by": desk.house.officer}

    def to_session(code: str, reason: str) -> Step:
        return (
            calendar.move_report,
            lambda: {"kind": kind, "period": year, "session": Session.objects.get(code=code),
                     "reason": reason, **officer},
        )  # fmt: skip

    return [
        to_session("CPR-1", "In spring."),
        to_session("CPR-2", "In summer."),
        (
            calendar.move_session,
            lambda: {"session": Session.objects.get(code="CPR-2"), "source": "HSP/CPR/2",
                     "starts_on": date(2017, 5, 9), "ends_on": date(2017, 5, 9),
                     "reason": "The room is taken.", **officer},
        ),
        (
            reports.plan_report,
            lambda: {"kind": BIENNIAL_PROGRESS, "period": factories.period("2014-2015"),
                     **officer},
        ),
        (
            reports.request_assembly,
            lambda: {"kind": kind, "period": year, "language": "en", "confirm_gaps": True,
                     **officer},
        ),
        (work.cancel_work, lambda: {"report": report(), **officer}),
        (work.retry_work, lambda: {"report": report(), **officer}),
    ]  # fmt: skip


def written(desk: Desk) -> list[Step]:
    """Opened, given to an office, written by two people, talked about, and its figure corrected."""
    contributor, editor = {"by": desk.house.contributor}, {"by": desk.editor}

    def save(body: str, seen: int, by: User, **how: bool) -> Step:
        return (
            narrative.save,
            lambda: {"section": section(), "language": "en", "body": body, "seen_revision": seen,
                     "by": by, **how},
        )  # fmt: skip

    def look_again(code: str) -> Step:
        def given() -> dict[str, Any]:
            row = section_row(report(), code, desk.editor, today=NOW.date())
            assert row is not None
            looked_at = {one.reference: one.now for one in row.bound}
            return {"section": section(code), "looked_at": looked_at, **editor}

        return narrative.accept_figures, given

    return [
        (narrative.open_sections, lambda: {"report": report(), **editor}),
        (
            section_steps.assign,
            lambda: {"section": section(), "office": desk.house.branch,
                     "writer": desk.house.contributor, **editor},
        ),
        save("Towns.", 0, desk.house.contributor),
        (section_steps.share, lambda: {"section": section(), **contributor}),
        save(ENGLISH, 1, desk.house.approver),
        save(ENGLISH, 2, desk.house.approver, keep=True),
        (
            narrative.restore,
            lambda: {"version": SectionVersion.objects.get(body="Towns."), **contributor},
        ),
        save(ENGLISH, 3, desk.house.contributor),
        (
            narrative.set_aside,
            lambda: {"section": section(), "language": "en", "body": "Villages.",
                     "seen_revision": 4, **contributor},
        ),
        (
            section_steps.comment,
            lambda: {"section": section(), "text": "Which?", "quote": "Towns", **editor},
        ),
        (
            section_steps.settle_comment,
            lambda: {"comment": SectionComment.objects.get(), **contributor},
        ),
        correct("6", NOW, desk.house.officer),
        look_again("FA1.results"),
        look_again("FA1.challenges"),
    ]  # fmt: skip


def correct(value: str, at: datetime, by: User) -> Step:
    """The approved figure is corrected."""
    return (
        figures.correct_figure,
        lambda: {"figure": Figure.objects.get(), "typed": Typed(value=value), "language": "en",
                 "reason": "Counted wrongly.", "by": by, "at": at},
    )  # fmt: skip


def french(report: Report) -> bytes:
    """The file that a translator returns."""
    found = hand_off(report, target="fr", today=NOW.date())
    assert found is not None
    text = write_xliff(found).decode()
    source = text[text.index("<source>") + 8 : text.index("</source>")]
    target = source.replace("Towns with a plan: ", "Villes dotées d’un plan : ")
    return text.replace("</source>", f"</source><target>{target}</target>", 1).encode()


def cleared(desk: Desk) -> list[Step]:
    """Sent, returned, sent again and accepted; then its translation taken in."""
    contributor, editor = {"by": desk.house.contributor}, {"by": desk.editor}
    send = (section_steps.send, lambda: {"section": section(), **contributor})

    def take_in() -> dict[str, Any]:
        key = translation.receive(report=report(), content=french(report()), at=NOW, **editor)
        seen = preview(report(), key, desk.editor, today=NOW.date())
        assert seen is not None
        return {"report": report(), "key": key, "seen": seen.fingerprint, "despite": True, **editor}

    return [
        send,
        (
            section_steps.give_back,
            lambda: {"section": section(), "note": "Say which towns.", **editor},
        ),
        send,
        (section_steps.accept, lambda: {"section": section(), **editor}),
        (translation.confirm, take_in),
    ]


def issued(desk: Desk) -> list[Step]:
    """Assembled, and another one at once; cleared, issued, and one of its files made."""
    officer, editor = {"by": desk.house.officer}, {"by": desk.editor}
    return [
        (
            reports.assemble,
            lambda: {"report": report(), "number": 1, "confirm_gaps": True, **officer},
        ),
        (
            reports.assemble_now,
            lambda: {"kind": BIENNIAL_PROGRESS, "period": factories.period("2016-2017"),
                     "confirm_gaps": True, **officer},
        ),
        (issuing.clear, lambda: {"report": report(), "confirm_open": True, **editor}),
        (
            issuing.issue,
            lambda: {"report": report(), "symbol": "HSP/CPR/2/1", "dated": NOW.date(), **editor},
        ),
        (
            reports.render_one,
            lambda: {"row": report().document, "language": "en", "format": "json"},
        ),
    ]  # fmt: skip


def asked(desk: Desk) -> list[Step]:
    """A delegation asks; the answer is given, then amended."""

    def answer(text: str) -> Step:
        def given() -> dict[str, Any]:
            asked = Question.objects.get()
            return {"question": asked, "text": text, "seen": questions.state_of(asked),
                    "by": desk.editor}  # fmt: skip

        return questions.answer, given

    return [
        (
            questions.ask,
            lambda: {"report": report(), "paragraph": questions.WHOLE, "text": "Which towns?",
                     "office": desk.mission, "by": desk.delegate},
        ),
        answer("Six towns."),
        answer("Six towns of the region."),
    ]  # fmt: skip


def corrected(desk: Desk) -> list[Step]:
    """The figure is corrected after the issue: a corrigendum, set aside, and drafted by the clock."""
    return [
        correct("5", LATER, desk.house.officer),
        (
            corrections.draft_corrigendum,
            lambda: {"report": report(), "by": desk.editor, "at": LATER},
        ),
        (
            corrections.set_aside,
            lambda: {"draft": Report.objects.get(corrects=report()), "at": LATER},
        ),
        (corrections.draft_all, lambda: {"at": LATER}),
    ]
