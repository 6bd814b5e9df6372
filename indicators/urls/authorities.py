"""Addresses of the register of authorities and of achievements."""

from django.urls import URLPattern, path

from indicators.views import entry

urlpatterns: list[URLPattern] = [
    path(
        "offices/<str:office>/<str:period>/<str:indicator>/achievements/",
        entry.achievements,
        name="office-achievements",
    ),
]
