"""Lessons: the list, one lesson, writing and changing it, its state, and what fits a place."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.forms.lessons import ChangeForm, LessonForm, MoveForm
from evaluations.models import Lesson
from evaluations.pages import lessons as pages
from evaluations.queries import lessons as queries
from evaluations.services import lessons as services
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.plain import PlainForm
from indicators.views.doors import person
from organization.models import Role, User
from organization.permissions import require


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The lessons that the reader may see: search, filters, pages."""
    content = pages.list_context(request.user, request.GET, on=timezone.localdate())
    return render(request, "evaluations/lessons.html", content)


@require_safe
def lesson(request: HttpRequest, number: int) -> HttpResponse:
    """One lesson: context, lesson, evidence, and where it belongs."""
    content = pages.lesson_context(request.user, _found(request, number))
    return render(request, "evaluations/lesson.html", content)


def _found(request: HttpRequest, number: int) -> Lesson:
    found = queries.one_lesson(number, request.user, on=timezone.localdate())
    if found is None:
        raise Http404
    return found


@require_safe
def offered(request: HttpRequest) -> HttpResponse:
    """What fits the place where somebody writes: a part of a page for htmx, else a page."""
    place = pages.place_of(request.GET)
    if place is None:
        raise Http404
    on = timezone.localdate()
    content = pages.offered_context(request.user, place, request.GET, on=on)
    is_part = request.headers.get("HX-Request") == "true"
    template = "evaluations/offered.html" if is_part else "evaluations/lessons_offered.html"
    return render(request, template, content)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form in which a lesson is proposed."""
    user = person(request.user)
    require(user, *queries.WRITES)
    if request.method == "POST":
        return _write(request, user, pages.new_form(request.POST))
    return _form(request, pages.new_form(), 200)


def _write(request: HttpRequest, user: User, form: LessonForm) -> HttpResponse:
    if not form.is_valid():
        return _form(request, form, 422)
    try:
        made = services.write(written=form.written(), by=user, at=timezone.now())
    except RuleBroken as broken:
        _refuse(form, broken)
        return _form(request, form, 422)
    messages.success(request, _("The draft is kept. An evaluation officer publishes it."))
    return redirect("lesson", made.pk)


def _refuse(form: PlainForm, broken: RuleBroken) -> None:
    """Puts the sentence at its field. Raises NotAllowed again."""
    if isinstance(broken, NotAllowed):
        raise broken
    form.refuse(broken)


def _form(
    request: HttpRequest, form: LessonForm, status: int, lesson: Lesson | None = None
) -> HttpResponse:
    content = pages.form_context(form, lesson, is_stale=status == 409)  # noqa: PLR2004
    return render(request, "evaluations/lesson_form.html", content, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """The form in which a lesson is changed, one language at a time."""
    user, found = person(request.user), _found(request, number)
    if request.method == "POST":
        return _change(request, user, found, pages.sent_form(request.POST, found))
    services.require_change(user, found)
    form = pages.change_form(found, pages.language_asked(request.GET, found))
    return _form(request, form, 200, found)


def _change(request: HttpRequest, user: User, found: Lesson, form: ChangeForm) -> HttpResponse:
    services.require_change(user, found)
    if not form.is_valid():
        return _form(request, form, 422, found)
    try:
        services.change(
            lesson=found, written=form.written(), seen_revision=form.cleaned_data["revision"],
            reason=form.cleaned_data["reason"], by=user, at=timezone.now(),
        )  # fmt: skip
    except RuleBroken as broken:
        status = 409 if broken.code == "changed_elsewhere" else 422
        found = _found(request, found.pk)
        form = pages.again(request.POST, found) if status == 409 else form  # noqa: PLR2004
        _refuse(form, broken)
        return _form(request, form, status, found)
    messages.success(request, _("The lesson is changed."))
    return redirect("lesson", found.pk)


@login_required
@require_POST
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Publishes a draft or retires a lesson."""
    user, found, form = person(request.user), _found(request, number), MoveForm(request.POST)
    require(user, Role.EVALUATION_OFFICER)
    if not form.is_valid():
        return _refused(request, found, form, 422)
    try:
        sentence = pages.move(found, form.cleaned_data, by=user, at=timezone.now())
    except RuleBroken as broken:
        _refuse(form, broken)
        status = 409 if broken.code == "changed_elsewhere" else 422
        return _refused(request, _found(request, number), form, status)
    messages.success(request, sentence)
    return redirect("lesson", number)


def _refused(request: HttpRequest, found: Lesson, form: MoveForm, status: int) -> HttpResponse:
    content = pages.lesson_context(person(request.user), found, form=form)
    return render(request, "evaluations/lesson.html", content, status=status)
