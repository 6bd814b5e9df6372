"""Signing in and out; a person's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods

from organization import queries
from organization.forms import AccountForm, SignInForm
from organization.models import User
from organization.services import people


class SignIn(LoginView):
    """The way in; afterwards to the page that was asked for, if it is one of ours."""

    authentication_form = SignInForm
    template_name = "organization/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """The way out, by POST only; afterwards the public home page."""

    http_method_names = ["post", "options"]


def _person(request: HttpRequest) -> User:
    """The person signed in; pages that call this are for nobody else."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The person's roles, language and mail. A POST keeps the choices (422 if refused)."""
    user = _person(request)
    given = request.POST if request.method == "POST" else None
    form = AccountForm(given, initial={"language": user.language, "mail": user.mail})
    if request.method == "POST" and form.is_valid():
        at, language = timezone.now(), form.cleaned_data["language"]
        people.choose_language(user=user, language=language, at=at)
        people.choose_mail(user=user, mail=form.cleaned_data["mail"], at=at)
        with override(language):
            messages.success(request, _("Saved."))
            return redirect("account")
    context = {"account": user, "form": form, "assignments": queries.roles_of(user)}
    status = 422 if request.method == "POST" else 200
    return render(request, "organization/account.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Ends the person's sessions in other browsers, by a posted form only."""
    if request.method != "POST":
        return redirect("account")
    user = _person(request)
    key = request.session.session_key or ""
    ended = people.sign_out_elsewhere(user=user, session_key=key, at=timezone.now())
    sentence = ngettext(
        "You are signed out in %(number)s other browser.",
        "You are signed out in %(number)s other browsers.",
        ended,
    )
    messages.success(
        request,
        sentence % {"number": ended} if ended else _("You were signed in nowhere else."),
    )
    return redirect("account")
