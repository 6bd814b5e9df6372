"""`make bench`: the recommendation board with 5,000 recommendations against 50, and its search.

Both sizes are measured in one process, turn by turn, on pages as the evaluation officer and as a
stranger get them, nothing kept from one request to the next. Query counts stand beside the ratios.
"""

import datetime as dt
import shutil
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import DATA, set_up, show

FEW, MANY = 50, 5000
ROUNDS = 15
WORDS = ("land", "registers", "authorities", "slum", "upgrading", "finance", "data", "offices")
WORDS_OF = {
    "ar": "ينبغي للوكالة أن تحتفظ بسجل للسلطات المحلية وأن تبلغ عنه كل سنة إلى اللجنة. ",
    "zh": "人居署应当保存地方当局名册并每年向委员会报告核实情况。",
    "fr": "Le programme tient un registre des autorités locales et en rend compte chaque année. ",
    "ru": "Программе следует вести реестр местных органов власти и ежегодно отчитываться о нем. ",
    "es": "El programa mantiene un registro de las autoridades locales e informa cada año. ",
}


def said(number: int) -> dict[str, str]:
    """A text in six languages, of the length of a recommendation: some forty words."""
    chosen = [WORDS[(number * step) % len(WORDS)] for step in (1, 3, 5, 7)]
    english = f"Keep {chosen[0]} and {chosen[1]} together, report on {chosen[2]} each year "
    english += f"and let {chosen[3]} be verified before the next session (case {number}). " * 2
    return {"en": english} | {language: text * 3 for language, text in WORDS_OF.items()}


def fill(until: int, each: int) -> None:
    """Published evaluations of so many recommendations each, until there are so many in all."""
    from django.utils import timezone

    from evaluations.models import Evaluation, FollowUpState, Recommendation
    from evaluations.rules.texts import folded
    from evaluations.services import stands
    from habitat_plan.kit.wording import Wording
    from organization.models import Office

    now, today = timezone.now(), timezone.localdate()
    offices = list(Office.objects.exclude(kind="mission"))
    for place, phase in enumerate(FollowUpState.Phase.values):
        FollowUpState.objects.get_or_create(
            phase=phase,
            is_main=True,
            defaults={
                "code": phase.replace("_", "-"),
                "name": Wording.of(en=phase),
                "ordinal": place,
            },
        )
    for number in range(Recommendation.objects.count(), until, each):
        words = Wording.of(en=f"Evaluation of case {number}")
        evaluation = Evaluation.objects.create(
            code=f"bench-{number}", title=words, kind="project", state="published", made_at=now,
            report_number=1000 + number, report_year=2012 + number % 7, searched=folded(str(words)),
            published_on=today - dt.timedelta(days=900), published_at=now, illustrative=True,
        )  # fmt: skip
        Recommendation.objects.bulk_create(
            Recommendation(
                evaluation=evaluation, number=of + 1, text=Wording.of(**said(number + of)),
                office=offices[(number + of) % len(offices)], made_at=now, illustrative=True,
                searched=folded(*said(number + of).values()), state="published",
            )
            for of in range(min(each, until - number))
        )  # fmt: skip
    follow(now, today)
    stands.refresh_all()


def follow(now: dt.datetime, today: dt.date) -> None:
    """Answers, an action and follow-ups for each recommendation that has none."""
    from evaluations.models import Action, Answer, FollowUp, FollowUpState, Recommendation
    from habitat_plan.kit.wording import Wording

    states = {row.phase: row for row in FollowUpState.objects.filter(is_main=True)}
    rows = list(
        Recommendation.objects.filter(answers__isnull=True, evaluation__code__startswith="bench")
    )
    answered = [row for row in rows if row.pk % 9]
    day = today - dt.timedelta(days=800)
    Answer.objects.bulk_create(
        Answer(
            recommendation=row, version=1, on=day, at=now, text=Wording.of(en="We agree."),
            decision="rejected" if row.pk % 11 == 0 else "partly" if row.pk % 5 == 0 else "accepted",
            has_reason=True, reason=Wording.of(en="It is done already."),
        )
        for row in answered
    )  # fmt: skip
    phases = ("not_started", "in_progress", "proposed", "implemented", "overtaken")
    actions = Action.objects.bulk_create(
        Action(
            recommendation=row, number=1, text=Wording.of(en="Do it."), office_id=row.office_id,
            planned_on=day, agreed_due_on=(due := today + dt.timedelta(days=row.pk % 700 - 500)),
            due_on=due, state=states[phases[row.pk % 5]], made_at=now,
        )
        for row in answered
    )  # fmt: skip
    FollowUp.objects.bulk_create(
        FollowUp(
            action=action, number=1, kind="progress", before=states["not_started"],
            after=action.state, due_before=action.due_on, due_after=action.due_on, on=day, at=now,
            text="Begun.", reason="Events.",
        )
        for action in actions
    )  # fmt: skip


def visitors() -> dict[str, Any]:
    """A browser of the evaluation officer, and one of a stranger."""
    from django.test import Client

    from organization.models import Office, Role, RoleAssignment, User

    unit = Office.objects.filter(kind="unit").first()
    officer = User.objects.create(email="bench@example.org", name="Bench Officer")
    RoleAssignment.objects.create(
        user=officer, role=Role.EVALUATION_OFFICER, office=unit, since=dt.date(2014, 1, 1)
    )
    signed_in = Client()
    signed_in.force_login(officer)
    return {"officer": signed_in, "stranger": Client()}


def fetched(client: Any, address: str) -> Callable[[], Any]:
    """The page, made anew; fails if there is none."""
    from django.core.cache import cache

    def fetch() -> Any:
        cache.clear()
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    return fetch


def measured(work: Callable[[], Any]) -> tuple[float, int]:
    """Processor seconds of the quickest of several requests, and the queries of one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    work()
    with CaptureQueriesContext(connection) as captured:
        work()
        asked = len(captured)
    found = []
    for _round in range(ROUNDS):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found), asked


BOARDS = (
    "/en/recommendations/?view=list",
    "/en/recommendations/?view=list&by=evaluation",
    "/en/recommendations/?view=list&q=registers",
    "/en/recommendations/?view=management",
    "/en/recommendations/?view=committee",
)


def compare(who: dict[str, Any]) -> None:
    """The board at both sizes, and search against a page found by its key."""
    from evaluations.models import Recommendation

    few = {}
    # Both sizes fill a page of every table: fifty recommendations in 25 evaluations, 5,000 in 273.
    fill(FEW, 2)
    pages = [(name, address) for name in who for address in BOARDS]
    for name, address in pages:
        few[name, address] = measured(fetched(who[name], address))
    fill(MANY, 20)
    print(f"{Recommendation.objects.count()} recommendations against {FEW}")
    for name, address in pages:
        (before, asked), (after, asks) = few[name, address], measured(fetched(who[name], address))
        what = address.removeprefix("/en/recommendations/?view=")
        bound = "a search" if "q=" in what else "at most 1.5"
        show(f"board {what}, {name}, {asked} and {asks} queries", after, before, bound)
    searches(who)


SEARCHES = ("registers+verified", "%D8%B3%D8%AC%D9%84", "nothing+like+it")
ALL = "/en/recommendations/?view=list&state=all"


def searches(who: dict[str, Any]) -> None:
    """Search over all texts against the same page found by its keys, and against one record."""
    for name, client in who.items():
        same, _asked = measured(fetched(client, ALL))
        one, _asked = measured(fetched(client, "/en/recommendations/bench-0-1/"))
        for words in SEARCHES:
            found, asks = measured(fetched(client, f"{ALL}&q={words}"))
            show(f"search {words[:18]}, {name}, {asks} queries", found, same, "at most 3")
            show("  against the page of one recommendation", found, one, "not asked")
        found, asks = measured(fetched(client, "/en/evaluations/?q=case+4990"))
        same, _asked = measured(fetched(client, "/en/evaluations/"))
        show(f"search evaluations, {name}, {asks} queries", found, same, "at most 3")


if __name__ == "__main__":
    try:
        set_up()
        compare(visitors())
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
        sys.stdout.flush()
