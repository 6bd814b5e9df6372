"""The parts of the page on which an evaluation is kept: the form of each, and where it goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.forms import evaluation_parts as parts
from evaluations.forms import evaluations as forms
from evaluations.forms.fields import SeenForm
from evaluations.models import Criterion, Evaluation, EvaluationFile, Finding
from evaluations.queries.choices import Choices
from evaluations.queries.evaluations import EvaluationPage, next_number
from evaluations.rules.evaluation_states import EvaluationState, Step, step, steps_from
from evaluations.services import evaluation_files, evaluation_parts, facts
from evaluations.services import evaluations as services
from evaluations.services.evaluation_parts import Member
from habitat_plan.kit.refusals import refusal
from habitat_plan.kit.uploads import SIZE_LIMIT
from habitat_plan.kit.wording import Wording
from indicators.forms.plain import PlainForm
from indicators.pages.number_words import begin
from organization.models import User


@dataclass(frozen=True)
class Sent:
    """What a form sent; nothing of a page that is only shown."""

    data: QueryDict | None = None
    files: MultiValueDict[str, Any] | None = None


@dataclass(frozen=True)
class Place:
    """A part of the page of an evaluation. `which` is the one of several that a form is for."""

    page: EvaluationPage
    language: str
    choices: Choices = field(default_factory=Choices)
    which: str = ""

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation."""
        return self.page.evaluation

    @property
    def day(self) -> date:
        """Today."""
        return self.page.day

    def common(self, name: str) -> dict[str, Any]:
        """What every form is made with: ids that no other form of the page has."""
        prefix = f"{name}-{self.which}" if self.which else name
        return {"auto_id": f"{prefix}-%s"}

    def seen(self, **initial: Any) -> dict[str, Any]:
        """Values that a form begins with."""
        start = {"seen_revision": self.evaluation.revision, "language": self.language}
        return start | initial


@dataclass(frozen=True)
class Part:
    """A part: how its form is made (None: there is no such thing), kept, and what is said then."""

    form: Callable[[Place, Sent], PlainForm | None]
    keep: Callable[[Place, Any, User, datetime], object]
    done: str | Promise


def said(wording: Wording, language: str) -> str:
    """The words in exactly this language; empty if there are none."""
    found = wording.texts.get(language)
    return found.text if found else ""


def _facts_form(place: Place, sent: Sent) -> PlainForm:
    one = place.evaluation
    initial: dict[str, Any] = {name: getattr(one, name) for name in facts.FACTS}
    initial |= {name: said(getattr(one, name), place.language) for name in facts.TEXTS}
    initial["plan"] = one.plan.code if one.plan else ""
    initial["mandate"] = one.mandate.code if one.mandate else ""
    others = any(local.language != place.language for local in one.title)
    return forms.FactsForm(
        sent.data,
        initial=place.seen(**initial),
        choices=place.choices,
        needs_title=not others,
        **place.common("facts"),
    )


def _keep_facts(place: Place, form: forms.FactsForm, by: User, at: datetime) -> None:
    services.change_evaluation(evaluation=place.evaluation, by=by, at=at, **form.cleaned_data)


def _scope_form(place: Place, sent: Sent) -> PlainForm:
    scopes = place.page.scopes
    initial = {
        "plan": any(one.kind == "plan" for one in scopes),
        "focus_areas": [one.focus_area.code for one in scopes if one.focus_area],
        "regions": [one.region.code for one in scopes if one.region],
        "countries": [one.country.iso3 for one in scopes if one.country],
        "offices": [one.office.code for one in scopes if one.office],
        "projects": " ".join(one.project.code for one in scopes if one.project),
        "strategies": "\n".join(one.words for one in scopes if one.kind == "strategy"),
    }
    return parts.ScopeForm(
        sent.data, initial=place.seen(**initial), choices=place.choices, **place.common("scope")
    )


def _keep_scope(place: Place, form: parts.ScopeForm, by: User, at: datetime) -> None:
    evaluation_parts.set_scope(
        evaluation=place.evaluation,
        seen_revision=form.cleaned_data["seen_revision"],
        by=by,
        at=at,
        **form.looked_at(),
    )


def _team_form(place: Place, sent: Sent) -> PlainForm:
    team = [Member(one.name, one.capacity, one.is_external) for one in place.page.team]
    return parts.TeamForm(sent.data, team=team, initial=place.seen(), **place.common("team"))


def _keep_team(place: Place, form: parts.TeamForm, by: User, at: datetime) -> None:
    evaluation_parts.set_team(
        evaluation=place.evaluation,
        members=form.members(),
        seen_revision=form.cleaned_data["seen_revision"],
        by=by,
        at=at,
    )


def _criteria_form(place: Place, sent: Sent) -> PlainForm:
    chosen = [one.criterion.code for one in place.page.ratings]
    return parts.CriteriaForm(
        sent.data,
        initial=place.seen(criteria=chosen),
        choices=place.choices,
        **place.common("criteria"),
    )


def _keep_criteria(place: Place, form: parts.CriteriaForm, by: User, at: datetime) -> None:
    evaluation_parts.choose_criteria(evaluation=place.evaluation, by=by, at=at, **form.cleaned_data)


def _criterion(place: Place) -> Criterion | None:
    return next((one for one in place.choices.criteria if one.code == place.which), None)


def _rating_form(place: Place, sent: Sent) -> PlainForm | None:
    if _criterion(place) is None:
        return None
    rating = next(
        (one.rating for one in place.page.ratings if one.criterion.code == place.which), None
    )
    initial = {
        "grade": rating.grade.code if rating else "",
        "reason": said(rating.reason, place.language) if rating else "",
    }
    return parts.RatingForm(
        sent.data, initial=place.seen(**initial), choices=place.choices, **place.common("rating")
    )


def _keep_rating(place: Place, form: parts.RatingForm, by: User, at: datetime) -> None:
    criterion = _criterion(place)
    if criterion is not None:
        evaluation_parts.rate(
            evaluation=place.evaluation, criterion=criterion, by=by, at=at, **form.cleaned_data
        )


def _finding(place: Place) -> Finding | None:
    return next((one for one in place.page.findings if str(one.pk) == place.which), None)


def _finding_form(place: Place, sent: Sent) -> PlainForm | None:
    known = _finding(place)
    if place.which and known is None:
        return None
    initial: dict[str, Any] = {}
    if known is not None:
        initial = {
            "number": known.number,
            "criterion": known.criterion.code if known.criterion else "",
            "text": said(known.text, place.language),
        }
    return parts.FindingForm(
        sent.data,
        initial=place.seen(**initial),
        choices=place.choices,
        needs_text=known is None,
        **place.common("finding"),
    )


def _keep_finding(place: Place, form: parts.FindingForm, by: User, at: datetime) -> None:
    known, given = _finding(place), dict(form.cleaned_data)
    seen = given.pop("seen_revision")
    if known is None:
        evaluation_parts.add_finding(evaluation=place.evaluation, by=by, at=at, **given)
    elif form.data.get("do") == "remove":
        evaluation_parts.remove_finding(finding=known, seen_revision=seen, by=by, at=at)
    else:
        given["number"] = given["number"] or known.number
        evaluation_parts.change_finding(finding=known, seen_revision=seen, by=by, at=at, **given)


def _file(place: Place) -> EvaluationFile | None:
    return next((one for one in place.page.files if str(one.pk) == place.which), None)


def _file_form(place: Place, sent: Sent) -> PlainForm | None:
    if not place.which:
        return parts.FileForm(
            sent.data, sent.files, initial=place.seen(kind="report"), **place.common("file")
        )
    if _file(place) is None:
        return None
    return SeenForm(sent.data, initial=place.seen(), **place.common("file"))


def _keep_file(place: Place, form: PlainForm, by: User, at: datetime) -> None:
    given, known = form.cleaned_data, _file(place)
    if known is not None:
        evaluation_files.remove_file(file=known, seen_revision=given["seen_revision"], by=by, at=at)
        return
    if given["file"].size > SIZE_LIMIT:
        raise refusal("file_too_large")
    evaluation_files.add_file(
        evaluation=place.evaluation,
        kind=given["kind"],
        language=given["language"],
        name=given["file"].name,
        content=given["file"].read(),
        by=by,
        at=at,
    )


def _step_words(one: Step) -> str:
    state = begin(str(Evaluation.State(one.after).label))
    if one.needs_reason:
        return _("%(state)s (give the reason)") % {"state": state}
    return state


def steps_for(state: str) -> list[tuple[str, str]]:
    """The steps that a form offers: all but publication, which asks for more."""
    return [
        (one.after.value, _step_words(one))
        for one in steps_from(state)
        if one.after != EvaluationState.PUBLISHED
    ]


def _step_form(place: Place, sent: Sent) -> PlainForm:
    # A step that is not there any more is the service's to refuse, in its own words.
    known = dict(steps_for(place.evaluation.state))
    asked = sent.data.get("to", "") if sent.data else ""
    if asked in Evaluation.State.values:
        known.setdefault(asked, begin(str(Evaluation.State(asked).label)))
    return forms.StepForm(
        sent.data, initial=place.seen(on=place.day), steps=known.items(), **place.common("step")
    )


def _keep_step(place: Place, form: forms.StepForm, by: User, at: datetime) -> None:
    services.move(evaluation=place.evaluation, by=by, at=at, **form.cleaned_data)


def may_be_published(evaluation: Evaluation) -> bool:
    """True if publication is the next step."""
    return step(evaluation.state, EvaluationState.PUBLISHED) is not None


def _publish_form(place: Place, sent: Sent) -> PlainForm:
    year = (place.evaluation.completed_on or place.day).year
    number = next_number(year) if may_be_published(place.evaluation) else None
    initial = place.seen(report_number=number, report_year=year, on=place.day)
    return forms.PublishForm(sent.data, initial=initial, **place.common("publish"))


def _keep_publish(place: Place, form: forms.PublishForm, by: User, at: datetime) -> None:
    services.publish(evaluation=place.evaluation, by=by, at=at, **form.numbered())


def _amend_form(place: Place, sent: Sent) -> PlainForm:
    return forms.AmendForm(sent.data, initial=place.seen(on=place.day), **place.common("amend"))


def _keep_amend(place: Place, form: forms.AmendForm, by: User, at: datetime) -> None:
    services.amend(evaluation=place.evaluation, by=by, at=at, **form.cleaned_data)


PARTS: Mapping[str, Part] = {
    "facts": Part(_facts_form, _keep_facts, gettext_lazy("The facts are saved.")),
    "scope": Part(_scope_form, _keep_scope, gettext_lazy("The scope is saved.")),
    "team": Part(_team_form, _keep_team, gettext_lazy("The team is saved.")),
    "criteria": Part(_criteria_form, _keep_criteria, gettext_lazy("The criteria are saved.")),
    "rating": Part(_rating_form, _keep_rating, gettext_lazy("The rating is saved.")),
    "finding": Part(_finding_form, _keep_finding, gettext_lazy("The findings are saved.")),
    "file": Part(_file_form, _keep_file, gettext_lazy("The files are saved.")),
    "step": Part(_step_form, _keep_step, gettext_lazy("The step is recorded.")),
    "publish": Part(_publish_form, _keep_publish, gettext_lazy("The report is published.")),
    "amend": Part(_amend_form, _keep_amend, gettext_lazy("The amendment is recorded.")),
}
SEVERAL = frozenset({"rating", "finding", "file"})
"""Parts of which there are several, each with a form."""
ONLY_SEVERAL = frozenset({"rating"})
"""Of these there is none without a name."""
