"""Headers on every answer, and rules said in words wherever one is broken."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.views import rule_page

NUL = "\0"
Handler = Callable[[HttpRequest], HttpResponse]

_UNUSED = ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
_PERMISSIONS = ", ".join(f"{feature}=()" for feature in (*_UNUSED, "browsing-topics"))


def security_headers(get_response: Handler) -> Handler:
    """Headers that Django has no setting for.

    Pages of a person who is signed in are kept in no cache. The session's cookie decides, and
    not the session: an answer that says the database is down must get its headers too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        name = settings.SESSION_COOKIE_NAME
        signed_in = name in request.COOKIES or name in response.cookies
        if signed_in and "no-store" not in response.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def no_nul(get_response: Handler) -> Handler:
    """Refuses the character NUL in addresses and forms: PostgreSQL fails on it, and no text has it.

    Raises Http404 for an address, and BadRequest for a query or form.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            raise Http404
        return get_response(request)

    def process_view(request: HttpRequest, *view: object) -> None:
        for given in (request.GET, request.POST):
            if any(NUL in text for values in given.lists() for text in (values[0], *values[1])):
                raise BadRequest

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def rules_in_words(get_response: Handler) -> Handler:
    """Answers a broken rule that no view caught with a page that says the sentence.

    403 where the person may not, 409 where the state of things forbids it; JSON under /api/.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RuleBroken):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 409
        if request.path.startswith("/api/"):
            details = [str(detail) for detail in exception.details]
            content = {"code": exception.code, "message": str(exception.message)}
            return JsonResponse(content | {"details": details}, status=status)
        return rule_page(request, exception, status)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware
