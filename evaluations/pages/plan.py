"""The evaluation plan in words: its heading, its rows, its versions, the form of approval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.forms.plans import ApprovalForm
from evaluations.models import PlanVersion
from evaluations.pages import plan_rows
from evaluations.permissions import Person, is_of_secretariat, may_approve_plan, may_evaluate
from evaluations.queries import plans as found
from evaluations.queries.plans import PlanPage
from evaluations.rules import plans as rules
from evaluations.rules.coverage import Share
from evaluations.rules.plans import Outcome, Planned
from evaluations.services import plans as services
from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.pages.number_words import begin, in_words
from organization.models import Role, User
from organization.permissions import require


@dataclass(frozen=True)
class Group:
    """Evaluations of the plan under one heading."""

    key: str
    title: str
    about: str
    rows: Sequence[plan_rows.PlanRow]


def biennium_or_404(code: str) -> Period:
    """The biennium that an address names."""
    row = next((one for one in found.bienniums() if one.code == code), None)
    if row is None:
        raise Http404
    return row


def plan_context(user: Person, asked: QueryDict, *, today: date) -> dict[str, Any]:
    """Everything the page of the plan shows: of the biennium asked for, or of today's."""
    known = found.bienniums()
    code = asked.get("biennium", "")
    chosen = next((one for one in known if one.code == code), None)
    if code and chosen is None:
        raise Http404
    chosen = chosen or found.biennium_on(today, known)
    if chosen is None:
        raise Http404
    page = found.plan_page(chosen, user, on=today)
    listed = page.drafted if page.is_whole else page.approved
    return {
        "heading": heading(page),
        "page": page,
        "bienniums": known,
        "groups": groups(page),
        "facts": facts(listed),
        "progress": plan_rows.tallied(page.rows) if page.is_whole and page.version else [],
        "is_changed": not rules.is_same_plan(page.approved, page.drafted),
        "may_approve": may_approve_plan(user),
        "may_plan": may_evaluate(user),
        "illustrative": found.illustrative(one.planned for one in page.rows),
    }


def heading(page: PlanPage) -> str:
    """How much is planned and how far it is, in one sentence; a plain one where nothing is."""
    period = {"period": page.biennium}
    number = len(page.drafted if page.is_whole else page.approved)
    if not number:
        if page.is_whole:
            return _("No evaluation stands in the plan for %(period)s yet") % period
        return _("No evaluation plan for %(period)s is approved yet") % period
    first = ngettext(
        "one evaluation is planned for %(period)s",
        "%(number)s evaluations are planned for %(period)s",
        number,
    ) % (period | {"number": in_words(number)})
    parts = [first, *(_so_far(page) if page.is_whole else _published(page))]
    patterns = {2: _("%(first)s; %(second)s"), 3: _("%(first)s; %(second)s, %(third)s")}
    if len(parts) == 1:
        return begin(first)
    names = ("first", "second", "third")
    return begin(patterns[len(parts)] % dict(zip(names, parts, strict=False)))


def _so_far(page: PlanPage) -> Iterable[str]:
    rows = [one for one in page.rows if one.outcome != Outcome.DROPPED]
    made = sum(plan_rows.is_made(one) for one in rows)
    late = sum(one.outcome == Outcome.LATE for one in rows)
    if made:
        yield ngettext("one is made", "%(number)s are made", made) % {
            "number": in_words(made)
        }
    if late:
        yield ngettext("one is late", "%(number)s are late", late) % {
            "number": in_words(late)
        }


def _published(page: PlanPage) -> Iterable[str]:
    keys = {one.key for one in page.approved}
    number = len(keys & page.published.keys())
    if number:
        yield ngettext("one is published", "%(number)s are published", number) % {
            "number": in_words(number)
        }


def groups(page: PlanPage) -> list[Group]:
    """The rows in groups: mandated ones first (p.96), then the others, then what was left out."""
    rows = [plan_rows.row_of(one, page) for one in page.rows]
    standing = [one for one in rows if not one.is_left]
    made = [
        Group(
            "mandated",
            _("Mandated evaluations"),
            _("They come first: a decision or an agreement asks for them (paragraph 96)."),
            [one for one in standing if one.planned.is_mandated],
        ),
        Group(
            "others",
            _("Other evaluations"),
            "",
            [one for one in standing if not one.planned.is_mandated],
        ),
        Group(
            "left",
            _("Approved, and in the plan no more"),
            _("They stay in the approved version until another is approved."),
            [one for one in rows if one.is_left],
        ),
    ]
    return [one for one in made if one.rows]


@dataclass(frozen=True)
class Facts:
    """Numbers of a plan: how many, how many mandated, by external evaluators, and its budget."""

    number: int
    mandated: int
    external: Share
    budget: Any
    without_budget: int


def facts(planned: Sequence[Planned]) -> Facts:
    """The numbers of the evaluations that a plan lists."""
    budget, unknown = rules.total_budget(planned)
    known = [one for one in planned if one.conducted_by]
    return Facts(
        number=len(planned),
        mandated=sum(one.is_mandated for one in planned),
        external=Share(sum(one.is_external for one in known), len(known)),
        budget=budget,
        without_budget=unknown,
    )


def version_or_404(biennium: str, number: int, *, today: date) -> PlanVersion:
    """An approved version that an address names."""
    version = found.one_version(biennium, number, on=today)
    if version is None:
        raise Http404
    return version


def version_context(user: Person, version: PlanVersion) -> dict[str, Any]:
    """Everything the page of one approved version shows. Names of persons: for the secretariat."""
    planned = rules.planned_of(version.content)
    rows = [plan_rows.frozen_row(one) for one in planned]
    heading = ngettext(
        "Version %(version)s of the evaluation plan %(period)s lists one evaluation",
        "Version %(version)s of the evaluation plan %(period)s lists %(number)s evaluations",
        len(rows),
    )
    numbers = {"version": version.number, "number": in_words(len(rows))}
    return {
        "heading": heading % (numbers | {"period": version.biennium}),
        "version": version,
        "rows": rows,
        "facts": facts(planned),
        "is_intact": rules.digest(version.content) == version.sha256,
        "is_of_secretariat": is_of_secretariat(user),
        "illustrative": version.illustrative,
    }


def approval_context(
    user: User, biennium: Period, *, today: date, form: ApprovalForm | None = None
) -> dict[str, Any]:
    """The form of approval, above what would be frozen and what changed. Raises NotAllowed."""
    require(user, Role.EVALUATION_OFFICER)
    page = found.plan_page(biennium, user, on=today)
    content = rules.content_of(biennium.code, page.drafted)
    initial = {"approved_on": today, "seen": rules.digest(content)}
    changed = [plan_rows.row_of(one, page) for one in page.rows]
    return {
        "page": page,
        "form": form or ApprovalForm(initial=initial, is_first=page.version is None),
        "rows": [one for one in changed if one.notes or one.is_left or one.is_added],
        "facts": facts(page.drafted),
        "is_changed": not rules.is_same_plan(page.approved, page.drafted),
        "illustrative": found.illustrative(page.drafted),
    }


def approve(
    user: User, biennium: Period, typed: QueryDict, *, at: datetime
) -> tuple[PlanVersion | None, ApprovalForm, int]:
    """Approves what was typed: the version; or the form with what was refused, and the status."""
    require(user, Role.EVALUATION_OFFICER)
    is_first = not PlanVersion.objects.filter(biennium=biennium).exists()
    form = ApprovalForm(typed, is_first=is_first)
    if not form.is_valid():
        return None, form, 422
    try:
        version = services.approve_plan(biennium=biennium, by=user, at=at, **form.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        # Who sends it once more has read what stands there now.
        seen = {"seen": services.digest_of_draft(biennium)}
        form = ApprovalForm(typed.dict() | seen, is_first=is_first)
        form.refuse(broken)
        return None, form, 409 if broken.code == "changed_elsewhere" else 422
    return version, form, 200
