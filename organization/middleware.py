"""Puts the roles of the person who asks on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from organization.permissions import holdings


def roles(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """`request.roles` is the set of role codes, read only if a page asks for it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.roles = SimpleLazyObject(lambda: holdings(request.user).roles)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
