"""The page on which a recommendation is linked to what it touches or led to."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluations.forms.links import LinkForm, UnlinkForm
from evaluations.models import Recommendation
from evaluations.pages.lessons import language
from evaluations.queries import links as queries
from evaluations.services import links as services
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.plain import PlainForm
from indicators.views.doors import person
from organization.models import Role, User
from organization.permissions import require


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, code: str) -> HttpResponse:
    """What a recommendation touches and led to; adding a link and taking one back."""
    user = person(request.user)
    found = queries.seen_recommendation(code, user=user, on=timezone.localdate())
    if found is None:
        raise Http404
    require(user, Role.EVALUATION_OFFICER)
    if request.method == "POST":
        form = _sent(request)
        return _kept(request, user, found, form) if form else _page(request, user, found, 422)
    return _page(request, user, found, 200)


def _sent(request: HttpRequest) -> LinkForm | UnlinkForm | None:
    """The form that was sent, by its button."""
    forms: dict[str, type[LinkForm | UnlinkForm]] = {"link": LinkForm, "unlink": UnlinkForm}
    wanted = forms.get(request.POST.get("do", ""))
    return wanted(request.POST) if wanted else None


def _kept(
    request: HttpRequest, user: User, found: Recommendation, form: LinkForm | UnlinkForm
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, user, found, 422, form)
    act = _link if isinstance(form, LinkForm) else _unlink
    try:
        sentence = act(found, form.cleaned_data, user)
    except RuleBroken as broken:
        if isinstance(broken, NotAllowed):
            raise
        form.refuse(broken)
        return _page(request, user, found, 422, form)
    messages.success(request, sentence)
    return redirect("recommendation-links", found.code)


def _link(found: Recommendation, given: dict[str, Any], user: User) -> str:
    services.link(
        recommendation=found, kind=given["kind"], thing=given["code"], note=given["note"],
        language=given["language"], by=user, at=timezone.now(),
    )  # fmt: skip
    return _("The link is kept.")


def _unlink(found: Recommendation, given: dict[str, Any], user: User) -> str:
    link = queries.one_link(given["link"], found)
    if link is None:
        raise Http404
    services.unlink(link=link, reason=given["reason"], by=user, at=timezone.now())
    return _("The link is taken back. It stays in the audit trail.")


def _page(
    request: HttpRequest,
    user: User,
    found: Recommendation,
    status: int,
    form: PlainForm | None = None,
) -> HttpResponse:
    refused = form if isinstance(form, UnlinkForm) else None
    content = {
        "recommendation": found,
        "links": queries.links_of(found, user=user, on=timezone.localdate()),
        "form": form if isinstance(form, LinkForm) else LinkForm(initial={"language": language()}),
        "refused": refused,
        "may_link": False,
        "illustrative": found.illustrative or found.evaluation.illustrative,
    }
    return render(request, "evaluations/links_form.html", content, status=status)
