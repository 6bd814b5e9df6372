"""A person's access keys: made, shown once, revoked."""

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from habitat_plan.kit.errors import RuleBroken
from organization.forms_keys import AccessKeyForm
from organization.models import AccessKey, User
from organization.services import access_keys

LONGEST_NUMBER = 9


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of this person. A POST makes one (shown this once) or revokes one."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if "revoke" in request.POST:
        number = request.POST["revoke"]
        is_number = number.isdecimal() and len(number) <= LONGEST_NUMBER
        found = get_object_or_404(user.access_keys, pk=int(number) if is_number else 0)
        access_keys.revoke_key(key=found, by=user, at=timezone.now())
        notes.success(request, _("The key is revoked. Programs that use it are refused now."))
        return redirect("access-keys")
    form = AccessKeyForm(request.POST or None)
    made = ""
    if form.is_valid():
        try:
            _key, made = access_keys.make_key(by=user, at=timezone.now(), **form.cleaned_data)
            form = AccessKeyForm()
        except RuleBroken as broken:
            form.refuse(broken)
    return _shown(request, user, form, made)


def _shown(request: HttpRequest, user: User, form: AccessKeyForm, made: str) -> HttpResponse:
    rows: list[AccessKey] = list(user.access_keys.all())
    context = {"form": form, "made": made, "rows": rows, "today": timezone.localdate()}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "organization/access_keys.html", context, status=status)
