"""Questions of delegations: all of them, those on one report, and one with its answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.views.doors import person
from organization.models import Office, User
from reporting import permissions
from reporting.forms_questions import AnswerForm, QuestionForm
from reporting.models import Report
from reporting.queries import ReportPage, report_page
from reporting.queries.questions import Asked, all_questions, one_question, questions_on
from reporting.services import questions as services
from reporting.views.asking import paragraph_words

LONGEST = 4
"""Digits of the number of a paragraph."""


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All questions that the person may read; for others there is no such page."""
    user = person(request.user)
    if not permissions.reads_for_committee(user):
        raise Http404
    found, today = all_questions(user), timezone.localdate()
    waiting = [(one, one.days(today)) for one in found if one.is_open]
    content = {"waiting": waiting, "answered": [one for one in found if not one.is_open]}
    return render(request, "reporting/questions.html", content | rights(user))


def rights(user: User) -> dict[str, bool]:
    """What the templates of questions may offer to the person."""
    return {
        "may_answer": permissions.may_answer(user),
        "is_delegate": permissions.is_delegate(user),
        "is_of_secretariat": permissions.is_of_secretariat(user),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_report(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions on a report, and the form in which a delegation asks."""
    user = person(request.user)
    page = _issued(slug, user)
    if request.method == "POST":
        return _ask(request, page, user)
    wanted = request.GET.get("paragraph")
    given = {"paragraph": wanted} if wanted else None
    form = QuestionForm(initial=given, missions=_missions(user))
    return _on_report(request, page, form, 200)


def _issued(slug: str, user: User) -> ReportPage:
    """The issued report for those who read questions; 404 for everything else."""
    page = report_page(slug, user) if permissions.reads_for_committee(user) else None
    if page is None or page.report.state != Report.State.ISSUED:
        raise Http404
    return page


def _ask(request: HttpRequest, page: ReportPage, user: User) -> HttpResponse:
    missions = _missions(user)
    if not missions:
        raise NotAllowed("role_needed", _("Only Committee representatives ask questions here."))
    form = QuestionForm(request.POST, missions=missions)
    if not form.is_valid():
        return _on_report(request, page, form, 422)
    given = form.cleaned_data
    office = next(one for one in missions if one.pk == given.get("office", one.pk))
    try:
        asked = services.ask(
            report=page.report, paragraph=given["paragraph"], text=given["text"],
            office=office, by=user, at=timezone.now(),
        )  # fmt: skip
    except RuleBroken as broken:
        return _on_report(request, page, _with_error(form, broken), 422)
    messages.success(request, _("Your question has gone to the secretariat."))
    return redirect("question", asked.pk)


def _missions(user: User) -> list[Office]:
    """The missions in whose name the person asks."""
    return list(Office.objects.filter(pk__in=permissions.asks_for(user)))


def _with_error(form: Form, broken: RuleBroken) -> Form:
    """The form with the sentence at its field; what was typed stays. Raises NotAllowed again."""
    if isinstance(broken, NotAllowed):
        raise broken
    form.add_error(broken.field if broken.field in form.fields else None, str(broken.message))
    return form


def _on_report(request: HttpRequest, page: ReportPage, form: Form, status: int) -> HttpResponse:
    user = person(request.user)
    content = {
        "page": page,
        "form": form,
        "asked": questions_on(page.report, user),
        "quoted": paragraph_words(page, _number(form["paragraph"].value())),
    }
    return render(request, "reporting/questions_report.html", content | rights(user), status=status)


def _number(typed: object) -> int:
    """The number in an address or a form; 0 if it is none."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else 0


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, number: int) -> HttpResponse:
    """One question with its answer, and the form of the answer for those who write it."""
    user = person(request.user)
    found = one_question(number, user)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _answer(request, found, user)
    asked = found.question
    form = AnswerForm(initial={"text": asked.answer, "seen": services.state_of(asked)})
    return _one(request, found, form, 200)


def _answer(request: HttpRequest, found: Asked, user: User) -> HttpResponse:
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    try:
        services.answer(question=found.question, text=text, seen=seen, by=user, at=timezone.now())
    except RuleBroken as broken:
        # Who sends it once more has read what the other wrote.
        found = one_question(found.question.pk, user) or found
        form = AnswerForm({"text": text, "seen": services.state_of(found.question)})
        status = 409 if broken.code == "changed_elsewhere" else 422
        return _one(request, found, _with_error(form, broken), status)
    messages.success(request, _("The answer is out to all delegations."))
    return redirect("question", found.question.pk)


def _one(request: HttpRequest, found: Asked, form: Form, status: int) -> HttpResponse:
    user = person(request.user)
    page = report_page(found.question.report.slug, user)
    content = {
        "one": found,
        "form": form,
        "quoted": paragraph_words(page, found.question.paragraph) if page else None,
        "days": found.days(timezone.localdate()),
    }
    return render(request, "reporting/question.html", content | rights(user), status=status)
