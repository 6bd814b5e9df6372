"""The forms about a recommendation: what they start with, and what was sent, handed to services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluations.forms import recommendations as forms
from evaluations.models import Action, Evaluation, Recommendation
from evaluations.pages.action_steps import STEPS
from evaluations.services import recommendations, responses
from evaluations.services.reminder_words import report_name
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.wording import LANGUAGES, Wording
from indicators.forms.plain import PlainForm
from organization.models import User


@dataclass(frozen=True)
class Sheet:
    """A form with its page: heading, what it is about, where it is sent and where it leads after.

    `act` hands what was typed to a service; `seen` is what a stale form is renewed with.
    """

    title: str | Promise
    button: str | Promise
    done: str | Promise
    form: Callable[..., PlainForm]
    act: Callable[[dict[str, Any], User, datetime], object]
    back: str
    evaluation: Evaluation
    recommendation: Recommendation | None = None
    action: Action | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)
    seen: Callable[[], object] = lambda: None

    def context(self, form: PlainForm) -> dict[str, Any]:
        """What `evaluations/recommendation_form.html` shows."""
        row = self.recommendation
        return {
            "sheet": self,
            "form": form,
            "report": report_name(self.evaluation),
            "illustrative": self.evaluation.illustrative or bool(row and row.illustrative),
        }

    def blank(self) -> PlainForm:
        """The form as it is before anybody typed."""
        return self.form(initial=dict(self.initial))

    def take(self, request: HttpRequest, user: User) -> tuple[PlainForm, int] | None:
        """Does what was asked; None if done, else the form with what is wrong, and the status.

        Who sends a stale form once more has read what changed meanwhile. Raises NotAllowed.
        """
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return form, 422
        try:
            self.act(form.cleaned_data, user, timezone.now())
        except NotAllowed:
            raise
        except RuleBroken as broken:
            is_stale = broken.code == "changed_elsewhere"
            if is_stale:
                data = request.POST.copy()
                data["seen"] = str(self.seen())
                form = self.form(data, request.FILES)
            form.refuse(broken)
            return form, 409 if is_stale else 422
        return None


def language_asked(request: HttpRequest) -> str:
    """The language in which a text is written: asked for (`?in=fr`), or the reader's."""
    wanted = request.GET.get("in", "")
    return wanted if wanted in LANGUAGES else get_language() or "en"


def _in(text: Wording | None, language: str) -> str:
    local = text.texts.get(language) if text else None
    return local.text if local else ""


def new_sheet(evaluation: Evaluation, language: str) -> Sheet:
    """The form that adds a recommendation."""
    return Sheet(
        title=_("Add a recommendation"),
        button=_("Add the recommendation"),
        done=_("The recommendation is added."),
        form=forms.RecommendationForm,
        act=lambda given, by, at: recommendations.recommend(
            evaluation=evaluation, by=by, at=at, **given
        ),
        back=reverse("evaluation", args=[evaluation.code]),
        evaluation=evaluation,
        initial={"language": language},
    )


def reword_sheet(row: Recommendation, language: str) -> Sheet:
    """The form that changes a recommendation before it is published."""

    def seen() -> str:
        row.refresh_from_db()
        return recommendations.text_in(row, language)

    return Sheet(
        title=_("Change the recommendation"),
        button=_("Keep the changes"),
        done=_("The recommendation is changed."),
        form=forms.RewordForm,
        act=lambda given, by, at: recommendations.reword(recommendation=row, by=by, at=at, **given),
        back=reverse("recommendation", args=[row.code]),
        evaluation=row.evaluation,
        recommendation=row,
        initial={
            "language": language,
            "text": recommendations.text_in(row, language),
            "seen": recommendations.text_in(row, language),
            "office": row.office.code,
            "priority": row.priority,
        },
        seen=seen,
    )


def answer_sheet(row: Recommendation, language: str, today: date) -> Sheet:
    """The form of management's answer to a recommendation."""
    last = row.answers.order_by("version").last()

    def form(*args: Any, **kwargs: Any) -> PlainForm:
        return forms.AnswerForm(*args, is_first=last is None, **kwargs)

    def act(given: dict[str, Any], by: User, at: datetime) -> object:
        said = {"changed_why": ""} | given
        return responses.answer(
            recommendation=row, seen_version=said.pop("seen"), by=by, at=at, **said
        )

    return Sheet(
        title=_("Answer the recommendation") if last is None else _("Change the answer"),
        button=_("Record the answer"),
        done=_("The answer is recorded."),
        form=form,
        act=act,
        back=reverse("recommendation", args=[row.code]),
        evaluation=row.evaluation,
        recommendation=row,
        initial={
            "language": language,
            "on": today,
            "seen": last.version if last else 0,
            "decision": last.decision if last else "",
            "text": _in(last.text if last else None, language),
            "reason": _in(last.reason if last else None, language),
        },
        seen=row.answers.count,
    )


def response_sheet(evaluation: Evaluation, language: str, today: date) -> Sheet:
    """The form of management's overall response."""
    last = evaluation.responses.order_by("version").last()

    def form(*args: Any, **kwargs: Any) -> PlainForm:
        return forms.ResponseForm(*args, is_first=last is None, **kwargs)

    def act(given: dict[str, Any], by: User, at: datetime) -> object:
        said = {"reason": ""} | given
        return responses.respond_as_a_whole(
            evaluation=evaluation, seen_version=said.pop("seen"), by=by, at=at, **said
        )

    return Sheet(
        title=_("Respond to the evaluation") if last is None else _("Change the response"),
        button=_("Record the response"),
        done=_("The response is recorded."),
        form=form,
        act=act,
        back=reverse("evaluation", args=[evaluation.code]),
        evaluation=evaluation,
        initial={
            "language": language,
            "on": today,
            "seen": last.version if last else 0,
            "text": _in(last.text if last else None, language),
            "differences": _in(last.differences if last else None, language),
        },
        seen=evaluation.responses.count,
    )


def action_sheet(row: Recommendation, language: str, today: date) -> Sheet:
    """The form that plans an action."""
    return Sheet(
        title=_("Plan an action"),
        button=_("Plan the action"),
        done=_("The action is planned."),
        form=lambda *args, **kwargs: forms.ActionForm(*args, today=today, **kwargs),
        act=lambda given, by, at: responses.plan_action(recommendation=row, by=by, at=at, **given),
        back=reverse("recommendation", args=[row.code]),
        evaluation=row.evaluation,
        recommendation=row,
        initial={"language": language, "on": today, "office": row.office.code},
    )


def step_sheet(action: Action, slug: str, today: date) -> Sheet:
    """The form of one step of an action."""
    step, row = STEPS[slug], action.recommendation

    def seen() -> int:
        return Action.objects.values_list("revision", flat=True).get(pk=action.pk)

    return Sheet(
        title=step.title,
        button=step.name,
        done=step.done,
        form=lambda *args, **kwargs: step.form(*args, today=today, **kwargs),
        act=lambda given, by, at: step.act(action, given, by, at),
        back=reverse("recommendation", args=[row.code]),
        evaluation=row.evaluation,
        recommendation=row,
        action=action,
        initial={
            "on": today,
            "seen": action.revision,
            "state": action.state.code,
            "due_on": action.due_on,
        },
        seen=seen,
    )
