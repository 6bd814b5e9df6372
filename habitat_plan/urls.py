"""Addresses: the language stands first, so a link keeps it."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from habitat_plan import views

urlpatterns = [
    path("", views.best_language, name="root"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("api/v1/", include("habitat_plan.api_urls")),
    *i18n_patterns(
        path("", include("organization.urls")),
        path("", include("focus_areas.urls")),
        path("", include("indicators.urls")),
        path("", include("evaluations.urls")),
        path("", include("reporting.urls")),
    ),
]
handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error
