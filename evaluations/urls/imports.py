"""Addresses of lists of recommendations."""

from django.urls import URLPattern, path

from evaluations.views import imports

urlpatterns: list[URLPattern] = [
    path("recommendations/lists/", imports.index, name="recommendation-lists"),
    path("recommendations/lists/<int:number>/", imports.one, name="recommendation-list"),
    path(
        "recommendations/lists/recommendations.<str:format>",
        imports.template,
        name="recommendation-list-template",
    ),
]
