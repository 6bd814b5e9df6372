"""A small world of evaluations for reports on 2017, every number of it countable by hand.

All made up. As of 31 December 2017 there are seven recommendations from three public evaluations:

    2/2017, 1  accepted, verified on 1 August                        implemented
    2/2017, 2  accepted, due 30 September, in progress               92 days late
    2/2017, 3  rejected                                              closed
    2/2017, 4  no answer                                             open, no day
    3/2016, 1  partly accepted, due 28 February, in progress         306 days late
    3/2016, 2  accepted, overtaken on 1 October                      closed
    9/2017, 1  accepted, due 30 June 2018, proposed on 1 December    to verify, illustrative

So 1 of 4 that count is implemented: 25 per cent. Open 4, late 2, waiting for verification 1.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import evaluation_rows as rows
import factories

from evaluations.models import Action, Evaluation, PlanVersion, Recommendation
from evaluations.rules.plans import Named, Planned, content_of, digest
from focus_areas.models import Period, PlanText
from organization.models import Office, User

ASSEMBLED_AT = datetime(2018, 2, 1, 9, 0, tzinfo=UTC)
LATER_AT = datetime(2018, 5, 2, 9, 0, tzinfo=UTC)
ANSWERED = date(2017, 5, 10)
SECRET = "Nobody outside may read this"


@dataclass
class World:
    """The rows that tests refer to by name."""

    qau: Office
    roas: Office
    unit: Office
    officer: User
    editor: User
    evaluator: User
    mid_term: Evaluation
    of_office: Evaluation
    invented: Evaluation
    recommended: dict[str, Recommendation]
    actions: dict[str, Action]


def make_world() -> World:
    """The world, in a plan of two focus areas."""
    for code in ("2014-2015", "2016-2017", "2018-2019", "2014", "2015", "2016", "2017", "2018"):
        factories.period(code)
    unit = factories.office("EVU")
    qau, roas = factories.office("QAU"), factories.office("ROAS")
    areas = [_area(1, "Urban land"), _area(2, "Urban planning")]
    mid_term = rows.evaluation(
        "2-2017", state="published", kind="mid_term", title=factories.say("Mid-term"),
        conducted_by="external", report_number=2, report_year=2017,
        published_on=date(2017, 4, 30),
    )  # fmt: skip
    of_office = rows.evaluation(
        "3-2016", state="published", kind="office", title=factories.say("Regional office"),
        conducted_by="unit", report_number=3, report_year=2016, published_on=None,
    )  # fmt: skip
    invented = rows.evaluation(
        "9-2017", state="published", kind="project", title=factories.say("Made up"),
        report_number=9, report_year=2017, published_on=date(2017, 9, 1), illustrative=True,
    )  # fmt: skip
    for one in (mid_term, invented):
        rows.scope(one, focus_area=areas[0].focus_area)
    world = World(
        qau=qau, roas=roas, unit=unit,
        officer=factories.person("Olga", quality_assurance=qau),
        editor=factories.person("Edna", report_editor=qau),
        evaluator=factories.person("Vera Verifier", evaluation_officer=unit),
        mid_term=mid_term, of_office=of_office, invented=invented,
        recommended={}, actions={},
    )  # fmt: skip
    _recommend(world)
    _hide(qau)
    return world


def _area(number: int, title: str):
    area = factories.focus_area(number)
    made = factories.result(area=area, code=area.code, ordinal=number)
    revision = factories.plan().revisions.first() or factories.revision()
    factories.saved(
        PlanText(
            revision=revision, code=f"{area.code}.title", kind="title", parent=area.code,
            paragraph="p.58", source="p.58", wording=factories.say(title),
        )
    )  # fmt: skip
    return made


def _recommend(world: World) -> None:
    for of, office, decision in (
        (world.mid_term, world.qau, "accepted"),
        (world.mid_term, world.qau, "accepted"),
        (world.mid_term, world.roas, "rejected"),
        (world.mid_term, world.roas, ""),
        (world.of_office, world.roas, "partly"),
        (world.of_office, world.qau, "accepted"),
        (world.invented, world.qau, "accepted"),
    ):
        made = rows.recommendation(of, office=office)
        world.recommended[made.code] = made
        if decision:
            rows.answer(made, decision, on=ANSWERED)
    for code, due_on, steps, day in (
        ("2-2017-1", date(2017, 6, 30), ["in_progress", "proposed", "implemented"], (8, 1)),
        ("2-2017-2", date(2017, 9, 30), ["in_progress"], (6, 1)),
        ("3-2016-1", date(2017, 2, 28), ["in_progress"], (6, 1)),
        ("3-2016-2", date(2017, 9, 30), ["overtaken"], (10, 1)),
        ("9-2017-1", date(2018, 6, 30), ["in_progress", "proposed"], (12, 1)),
    ):
        action = rows.action(world.recommended[code], due_on=due_on, planned_on=ANSWERED)
        rows.follow_ups(action, steps, day=date(2017, *day))
        world.actions[code] = action


def _hide(office: Office) -> None:
    """What no report on 2017 may say: not published, held back, or published later."""
    secret = factories.say(SECRET)
    for fields in (
        {"code": "5-2017", "state": "published", "report_number": 5, "report_year": 2017,
         "published_on": date(2017, 11, 1), "embargo_until": date(2018, 3, 1)},
        {"code": "1-2018", "state": "published", "report_number": 1, "report_year": 2018,
         "published_on": date(2018, 1, 10)},
        {"code": "year-2018", "state": "published", "report_number": 2, "report_year": 2018,
         "published_on": None},
        {"code": "reported", "state": "reported"},
        {"code": "under-way", "state": "under_way"},
    ):  # fmt: skip
        hidden = rows.evaluation(title=secret, conducted_by="external", **fields)
        rows.recommendation(hidden, office=office, text=SECRET)
        rows.lesson(SECRET, evaluation=hidden)
    rows.lesson(SECRET, state="draft")


def approve_plan(*, approved_on: date, number: int = 1, at: datetime = ASSEMBLED_AT) -> PlanVersion:
    """A version of the evaluation plan of 2018-2019 that lists two evaluations."""
    mandate = Named("mandate", "final", factories.say("Final evaluation").to_json())
    planned = [
        Planned(
            1, "final", factories.say("Final evaluation of the plan").to_json(), "final",
            "external", starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31), mandate=mandate,
        ),
        Planned(
            2, "housing", factories.say("Housing").to_json(), "subprogramme", "unit",
            starts_on=date(2018, 3, 1),
        ),
    ]  # fmt: skip
    content = content_of("2018-2019", planned)
    return factories.saved(
        PlanVersion(
            biennium=Period.objects.get(code="2018-2019"), number=number,
            decision=f"Decision {number}", approved_on=approved_on, content=content,
            sha256=digest(content), reason="Changed." if number > 1 else "", at=at,
        )
    )  # fmt: skip
