"""What several pages ask first: which office, which year, and may this person see it?"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from focus_areas.models import Period
from indicators.models import Indicator
from indicators.permissions import may_read_office
from indicators.queries.entry_place import indicator_place, office_place
from organization.models import Office, User


def person(user: AbstractBaseUser | AnonymousUser) -> User:
    """The person signed in; pages that call this are for nobody else."""
    if not isinstance(user, User):
        raise Http404
    return user


def readable_office(request: HttpRequest, code: str) -> Office:
    """The office, or 404 if there is none or the person may not read it: both look the same."""
    office = get_object_or_404(Office, code=code)
    if not may_read_office(person(request.user), office):
        raise Http404
    return office


def office_year(request: HttpRequest, office: str, period: str) -> tuple[Office, Period]:
    """The office and the year in one query; 404 as `readable_office` and `year`."""
    found = office_place(person(request.user), office=office, period=period)
    if found is None:
        raise Http404
    return found.office, found.period


def assigned(
    request: HttpRequest, office: str, period: str, code: str
) -> tuple[Office, Period, Indicator]:
    """The same with an indicator that the office reports on."""
    user = person(request.user)
    found = indicator_place(user, office=office, period=period, indicator=code)
    if found is None or found.indicator is None:
        raise Http404
    return found.office, found.period, found.indicator


def year(code: str) -> Period:
    """The year, or 404 for a period that no figures are entered for."""
    found = get_object_or_404(Period, code=code)
    if not found.is_year:
        raise Http404
    return found


def language() -> str:
    """The language of the page, in which numbers are shown and typed."""
    return get_language() or "en"
