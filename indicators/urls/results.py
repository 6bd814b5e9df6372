"""Addresses of published results."""

from django.urls import URLPattern, path

from indicators.views import results
from organization.kept import for_the_public

urlpatterns: list[URLPattern] = [
    path("results/", for_the_public(results.index), name="results"),
    path("results/<str:code>/", for_the_public(results.result), name="result"),
    path("results/<str:code>/arithmetic/", for_the_public(results.arithmetic), name="arithmetic"),
    path("results/<str:code>/history/", for_the_public(results.history), name="indicator-history"),
    path("results.<str:format>", results.download, name="results-file"),
]
