"""What recommendations touch and what they led to, read from either side.

A link is seen by whoever may see the recommendation's evaluation. The register of projects is not
published, so a link to a project is for the secretariat.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.db.models import Q, QuerySet

from evaluations import permissions
from evaluations.models import Link, Project, Recommendation
from evaluations.permissions import Person
from focus_areas.models import PlanRevision, PlanText
from habitat_plan.kit.wording import Wording
from indicators.models import Indicator, Target

Thing = Indicator | Target | PlanText | Project | PlanRevision | str
"""What a link names: a row, or a paragraph of the plan in words (`p.100`)."""
NEAR = 4
NUMBER_LONGEST = 4


def thing_of(link: Link) -> Thing:
    """What a link names."""
    named = (link.indicator, link.target, link.risk, link.project, link.revision)
    return next((one for one in named if one is not None), link.paragraph)


@dataclass(frozen=True)
class Linked:
    """A link with what it names in words. `where` is the indicator that a page is about, if any."""

    link: Link
    code: str
    title: Wording | None
    where: str = ""


def _linked(link: Link) -> Linked:
    if link.indicator:
        return Linked(link, link.indicator.code, link.indicator.title, link.indicator.code)
    if link.target:
        measure = link.target.indicator
        return Linked(link, code_of_target(link.target), measure.title, measure.code)
    if link.risk:
        return Linked(link, link.risk.code, link.risk.wording)
    if link.project:
        return Linked(link, link.project.code, link.project.title)
    if link.revision:
        return Linked(link, link.revision.code, link.revision.title)
    return Linked(link, link.paragraph, None)


def code_of_target(target: Target) -> str:
    """A target as it is typed: `FA2.1@2017`, and with an office `FA2.1@2017/ROAF`."""
    office = f"/{target.office.code}" if target.office else ""
    return f"{target.indicator.code}@{target.year}{office}"


def seen_links(user: Person, *, on: date) -> QuerySet[Link]:
    """The links that the person may see and that nobody took back."""
    sees = permissions.seen_by(user, on=on, prefix="recommendation__evaluation__")
    rows = Link.objects.filter(sees, removed_at__isnull=True)
    if not permissions.is_of_secretariat(user):
        rows = rows.exclude(kind=Link.Kind.PROJECT)
    return rows


def links_of(recommendation: Recommendation, *, user: Person, on: date) -> list[Linked]:
    """What a recommendation touches or led to, as the person may see it. One query."""
    rows = seen_links(user, on=on).filter(recommendation=recommendation)
    things = rows.select_related(
        "indicator", "target__indicator", "target__office", "risk", "project", "revision"
    )
    return [_linked(link) for link in things]


def touching(indicator: Indicator, *, user: Person, on: date) -> list[Link]:
    """Links of recommendations to an indicator or to a target of it. One query."""
    rows = seen_links(user, on=on).filter(Q(indicator=indicator) | Q(target__indicator=indicator))
    return list(_from(rows).select_related("recommendation__evaluation", "target__office"))


def led_to(*, user: Person, on: date) -> Mapping[int, list[Link]]:
    """Links of recommendations to the revisions that they led to, by revision. One query."""
    found: defaultdict[int, list[Link]] = defaultdict(list)
    rows = _from(seen_links(user, on=on).filter(revision__isnull=False))
    for link in rows.select_related("recommendation__evaluation"):
        if link.revision_id is not None:
            found[link.revision_id].append(link)
    return found


def _from(rows: QuerySet[Link]) -> QuerySet[Link]:
    """In the order in which recommendations are quoted, the newest report first."""
    return rows.order_by(
        "-recommendation__evaluation__report_year",
        "-recommendation__evaluation__report_number",
        "recommendation__evaluation__code",
        "recommendation__number",
        "pk",
    )


def seen_recommendation(code: str, *, user: Person, on: date) -> Recommendation | None:
    """The recommendation that an address names (`2-2017-4`), if the person may see it."""
    evaluation, _dash, number = code.rpartition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= NUMBER_LONGEST):
        return None
    rows = Recommendation.objects.filter(permissions.seen_by(user, on=on, prefix="evaluation__"))
    rows = rows.select_related("evaluation", "office")
    return rows.filter(evaluation__code=evaluation, number=int(number)).first()


def one_link(number: int, recommendation: Recommendation) -> Link | None:
    """A link of the recommendation, also one that was taken back."""
    return Link.objects.filter(pk=number, recommendation=recommendation).first()


def known_codes(kind: str) -> Mapping[str, Thing]:
    """Code → what it names, for one kind of link. Paragraphs are not listed. One query."""
    if kind == Link.Kind.INDICATOR:
        return {one.code: one for one in Indicator.objects.all()}
    if kind == Link.Kind.TARGET:
        # The last version of a target is the one that stays under its code.
        rows = Target.objects.select_related("indicator", "office").order_by("version")
        return {code_of_target(one): one for one in rows}
    if kind == Link.Kind.RISK:
        risks = PlanText.objects.filter(kind="risk").select_related("revision")
        return {one.code: one for one in risks.order_by("revision__dated", "ordinal", "code")}
    if kind == Link.Kind.PROJECT:
        return {one.code: one for one in Project.objects.all()}
    if kind == Link.Kind.REVISION:
        return {one.code: one for one in PlanRevision.objects.order_by("dated")}
    return {}


def near(code: str, codes: Iterable[str]) -> list[str]:
    """Codes that a mistyped one may mean, at most four: those that begin alike, then those like it.

    If none is near, the first that there are.
    """
    names = {one.casefold(): one for one in codes}
    typed = code.casefold()
    begins = [key for key in names if typed and (key.startswith(typed) or typed.startswith(key))]
    alike = get_close_matches(typed, names, n=NEAR, cutoff=0.5)
    found = list(dict.fromkeys([*alike, *begins]))[:NEAR]
    return [names[key] for key in found or list(names)[:NEAR]]
