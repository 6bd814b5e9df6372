"""The root address, what a probe asks, and the pages of errors.

Error pages read no database: they must stand when it is down.
"""

import logging
import secrets
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from habitat_plan.context import frame
from habitat_plan.kit.errors import RuleBroken

logger = logging.getLogger(__name__)


@require_safe
def best_language(request: HttpRequest) -> HttpResponse:
    """From / to the home page in the language the reader's browser asks for."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else, so a slow database does not restart it."""
    return HttpResponse("live\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served: database, migrations, broker. 503 if one fails."""
    checks = {"database": _database(), "migrations": _migrations(), "broker": _broker()}
    ready = all(answer in {"ok", "embedded"} for answer in checks.values())
    return JsonResponse(checks, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return "failed"
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
    except (DatabaseError, InterfaceError):
        return "failed"
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def _broker() -> str:
    if not settings.REDIS_URL:
        return "embedded"
    try:
        Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2).ping()
    except RedisError:
        return "failed"
    return "ok"


def error_page(request: HttpRequest, status: int, template: str, /, **content: Any) -> HttpResponse:
    """A designed page around one error."""
    return HttpResponse(render_to_string(template, frame(request) | content), status=status)


def rule_page(request: HttpRequest, broken: RuleBroken, status: int) -> HttpResponse:
    """The sentence of a rule: as a page, or among the messages of the page that htmx asked from.

    So what was typed stays where it is.
    """
    if request.headers.get("HX-Request") != "true":
        return error_page(request, status, "errors/rule.html", broken=broken, status=status)
    response = error_page(request, status, "errors/rule_part.html", broken=broken)
    response["HX-Retarget"] = "#messages"
    response["HX-Reswap"] = "innerHTML"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return error_page(request, 400, "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence that names the role that may, if one was given."""
    return error_page(request, 403, "403.html", sentence=str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return error_page(request, 404, "404.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with a number by which the line in the log is found."""
    reference = secrets.token_hex(4)
    logger.error("Reference %s: %s %s", reference, request.method, request.path)
    return error_page(request, 500, "500.html", reference=reference)
