"""Addresses of published evaluations."""

from django.urls import URLPattern, path

from evaluations.views import site
from organization.kept import for_the_public

urlpatterns: list[URLPattern] = [
    path("evaluations/", for_the_public(site.index), name="evaluations"),
    path("evaluations/feed/", for_the_public(site.feed), name="evaluations-feed"),
    path("evaluations/<slug:code>/", for_the_public(site.evaluation), name="evaluation"),
]
