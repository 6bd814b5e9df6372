"""Pages kept in memory until somebody writes.

Every write leaves an audit entry in its own transaction, so the number of the last entry names the
state of all data. What was made in one state is shown again only in the same state: there is
nothing to clear and nothing goes stale. Kept in the process, and droppable at any time.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.utils.translation import get_language

from organization.queries import data_version

Made = TypeVar("Made")
SECONDS = 3600
# With these a page may hold something of the person: a name, a message, a menu.
PERSONAL = {settings.SESSION_COOKIE_NAME, "messages"}


def kept(parts: tuple[object, ...], make: Callable[[], Made]) -> Made:
    """What `make` gives, made once in each state of the data, language and day.

    `parts` must name everything else that it depends on, above all who may see it.
    """
    state = (data_version(), localdate().isoformat(), get_language(), *parts)
    key = "kept:" + hashlib.sha256(repr(state).encode()).hexdigest()
    found: Made | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, SECONDS)
    return found


def for_the_public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keeps a page as strangers see it; whoever carries a session gets it made anew."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or PERSONAL & set(request.COOKIES):
            return view(request, *args, **kwargs)

        def make() -> tuple[bytes, str]:
            response = view(request, *args, **kwargs)
            return response.content, response.headers["Content-Type"]

        content, content_type = kept((request.get_host(), request.get_full_path()), make)
        response = HttpResponse(content, content_type=content_type)
        patch_vary_headers(response, ("Cookie",))
        return response

    return door
