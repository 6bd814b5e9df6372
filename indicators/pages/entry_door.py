"""The door of one cell: what a row of the grid sends by itself, and what it is answered.

The answer is small and says what happened in a sentence. Checks, shares and what is left to do
come with `rows_content`, once for all cells that were saved meanwhile.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Figure, Indicator
from indicators.pages.entry import entry_context
from indicators.pages.entry_form import entry_text, saved_sentence, stored_texts, version_of
from indicators.services import entry
from indicators.services.entry import Typed
from organization.models import Office, User

TEXTS = (
    "value",
    "numerator",
    "denominator",
    "choice",
    "reason",
    "cause",
    "explanation",
    "measures",
)
Answer = tuple[HTTPStatus, dict[str, Any]]


def typed_fields(form: QueryDict) -> Typed:
    """The fields that were sent; those that were not stay as they are stored."""
    texts: dict[str, Any] = {name: str(form[name]).strip() for name in TEXTS if name in form}
    flag = form.get("not_applicable")
    return Typed(
        **texts,
        not_applicable=None if flag is None else bool(flag),
        parts=_keyed(form, "part:"),
        answers=_keyed(form, "answer:"),
        version=version_of(form.get("version", "")),
    )


def _keyed(form: QueryDict, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): str(form[name]).strip()
        for name in form
        if name.startswith(prefix)
    }


def save_cell(
    indicator: Indicator, office: Office, period: Period, form: QueryDict, by: User
) -> Answer:
    """Saves what one row sent: 200, or why not (403 not allowed, 409 changed, 422, 423 locked)."""
    try:
        figure = entry.enter_figure(
            indicator=indicator,
            office=office,
            period=period,
            typed=typed_fields(form),
            language=get_language() or "en",
            by=by,
            at=timezone.now(),
        )
    except RuleBroken as broken:
        return _refused(broken, indicator, office, period, by)
    return HTTPStatus.OK, _held(indicator, figure) | {
        "said": saved_sentence(figure) if figure else "",
        "time": f"{timezone.localtime():%H:%M}",
    }


def _held(indicator: Indicator, figure: Figure | None) -> dict[str, Any]:
    """What is stored now, as the fields of the row say it."""
    return {
        "version": figure.version if figure else 0,
        "texts": stored_texts(indicator, figure),
    }


def _refused(
    broken: RuleBroken, indicator: Indicator, office: Office, period: Period, by: User
) -> Answer:
    content = {"refusal": broken.code, "said": str(broken.message), "field": broken.field or ""}
    if isinstance(broken, NotAllowed):
        return HTTPStatus.FORBIDDEN, content
    if broken.code == "locked":
        return HTTPStatus.LOCKED, content
    if broken.code != "changed_elsewhere":
        return HTTPStatus.UNPROCESSABLE_ENTITY, content
    figure = (
        Figure.objects.filter(indicator=indicator, office=office, period=period)
        .select_related("changed_by")
        .first()
    )
    return HTTPStatus.CONFLICT, content | _held(indicator, figure) | _theirs(indicator, figure, by)


def _theirs(indicator: Indicator, figure: Figure | None, by: User) -> dict[str, Any]:
    """Who changed the figure meanwhile, to what and when."""
    if figure is None:
        return {}
    now = entry_text(indicator, figure)
    if not now:
        now = _("not applicable") if figure.not_applicable else _("not reported")
    return {
        "mine": figure.changed_by_id == by.pk,
        "said": _("%(who)s changed this to %(now)s at %(time)s.")
        % {
            "who": figure.changed_by or _("A colleague"),
            "now": now,
            "time": f"{timezone.localtime(figure.changed_at):%H:%M}",
        },
    }


def signed_out(office: str, period: str) -> Answer:
    """The session ended: where to sign in, and to come back to the grid afterwards."""
    back = reverse("office-period", args=[office, period])
    return HTTPStatus.UNAUTHORIZED, {
        "refusal": "signed_out",
        "said": _("You have been signed out."),
        "sign_in": f"{reverse('sign-in')}?next={back}",
    }


def rows_content(
    request: HttpRequest, user: User, office: Office, period: Period, codes: Iterable[str]
) -> dict[str, Any]:
    """Some rows as they stand now, the counts and what is left to do, each as a piece of the page.

    `token` is the form's token: it changes when somebody signs in again in another window.
    """
    context = entry_context(user, office, period, today=timezone.localdate())
    wanted = frozenset(codes)
    cells = [cell for section in context["sections"] for cell in section.cells]
    return {
        "rows": {
            cell.code: render_to_string(
                "indicators/entry_row.html", context | {"cell": cell}, request=None
            )
            for cell in cells
            if cell.code in wanted
        },
        "counts": render_to_string("indicators/entry_counts.html", context),
        "left": render_to_string("indicators/entry_left.html", context),
        "ready": not context["left"],
        "token": get_token(request),
    }
