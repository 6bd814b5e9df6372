"""Addresses of the recommendation board."""

from django.urls import URLPattern, path

from evaluations.views import board
from organization.kept import for_the_public

urlpatterns: list[URLPattern] = [
    path("recommendations/", for_the_public(board.index), name="recommendations"),
    path("recommendations.<str:format>", board.download, name="recommendations-file"),
]
