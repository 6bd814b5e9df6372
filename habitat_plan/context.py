"""What every page shows around its own content: navigation by role, languages, the person."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.wording import NATIVE_NAMES


@dataclass(frozen=True)
class Item:
    """One entry of the main navigation."""

    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


# Name of the address, what it is called, and for whose roles; none named: for everybody.
_PAGES: tuple[tuple[str, str | Promise, frozenset[str]], ...] = (
    ("work", _("My work"), frozenset()),
    ("submissions", _("To approve"), frozenset({"approver"})),
    ("submissions", _("To verify"), frozenset({"quality_assurance"})),
    ("periods", _("Periods"), frozenset({"quality_assurance"})),
    (
        "authorities",
        _("Authorities"),
        frozenset({"contributor", "approver", "quality_assurance"}),
    ),
    ("evidence", _("Evidence"), frozenset({"contributor", "approver"})),
    ("queries", _("Queries"), frozenset({"contributor", "quality_assurance"})),
    ("overview", _("Overview"), frozenset({"manager"})),
    ("committee", _("Committee"), frozenset({"committee"})),
    ("recommendations", _("Recommendations"), frozenset({"evaluation_officer"})),
    (
        "evaluations",
        _("Evaluations"),
        frozenset({"evaluation_officer", "manager", "report_editor", "committee"}),
    ),
    ("evaluation-plan", _("Plan and coverage"), frozenset({"evaluation_officer"})),
    ("results", _("Results"), frozenset()),
    ("reports", _("Reports"), frozenset()),
    (
        "my-sections",
        _("My sections"),
        frozenset({"contributor", "approver", "report_editor"}),
    ),
    (
        "questions",
        _("Questions and answers"),
        frozenset({"committee", "report_editor", "quality_assurance"}),
    ),
)
AT_MOST = 7
# What somebody with many roles finds by way of "My work" when there is no room for all.
_DROPPED_FIRST = ("evidence", "authorities", "queries", "questions", "evaluations", "my-sections")
_PUBLIC: tuple[tuple[str, str | Promise, frozenset[str]], ...] = (
    ("home", _("What the plan promises"), frozenset()),
    ("results", _("Results"), frozenset()),
    ("evaluations", _("Evaluations"), frozenset()),
    ("reports", _("Reports"), frozenset()),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page; knows the person, so it may read the database."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return frame(request)
    roles = frozenset(getattr(request, "roles", frozenset()))
    return frame(request) | {
        "navigation": navigation(request.path, roles),
        "person": str(user),
        "roles": roles,
    }


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame without the person: reads no database, so errors can be shown in it."""
    return {
        "site_name": _("UN-Habitat"),
        "site_subject": _("Results 2014–2019"),
        "navigation": navigation(request.path, None),
        "language_links": language_links(request),
        "person": "",
        "has_session": settings.SESSION_COOKIE_NAME in request.COOKIES,
        "roles": frozenset(),
    }


def navigation(path: str, roles: frozenset[str] | None) -> list[Item]:
    """The main pages for these roles, at most seven; `None` is the public.

    An office's period, whose address names office and year, is reached from "My work".
    """
    items: dict[str, Item] = {}
    for name, label, readers in _PUBLIC if roles is None else _PAGES:
        if readers and not (roles and readers & roles):
            continue
        url = reverse(name)
        inside = path == url or (name != "home" and path.startswith(url))
        items.setdefault(url, Item(label, url, inside))
    for name in _DROPPED_FIRST:
        if len(items) > AT_MOST:
            items.pop(reverse(name), None)
    return list(items.values())


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """The address asked for, in each language, with its query string."""
    active = get_language() or settings.LANGUAGE_CODE
    full = request.get_full_path()
    codes = [code for code, _name in settings.LANGUAGES]
    first, _slash, rest = full.removeprefix("/").partition("/")
    if first not in codes:
        rest = ""
    return [
        LanguageLink(
            code=code,
            name=NATIVE_NAMES[code],
            direction="rtl" if code == "ar" else "ltr",
            url=f"/{code}/{rest}",
            current=code == active,
        )
        for code in codes
    ]
