"""Addresses of evidence."""

from django.urls import URLPattern, path

from indicators.views import evidence

OF_FIGURE = "offices/<str:office>/<str:period>/<str:indicator>/evidence/"

urlpatterns: list[URLPattern] = [
    path("evidence/", evidence.index, name="evidence"),
    path(OF_FIGURE, evidence.of_figure, name="office-evidence"),
    path(f"{OF_FIGURE}<int:number>/", evidence.file, name="evidence-file"),
    path(f"{OF_FIGURE}<int:number>/retire/", evidence.retire, name="evidence-retire"),
]
