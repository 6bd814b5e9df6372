"""Addresses of keeping evaluations."""

from django.urls import URLPattern, path

from evaluations.views import evaluation_keeping as views

ONE = "evaluations/<slug:code>/"

urlpatterns: list[URLPattern] = [
    path("evaluations/new/", views.new, name="evaluation-new"),
    path(f"{ONE}edit/", views.edit, name="evaluation-edit"),
    path(f"{ONE}edit/<slug:name>/", views.part, name="evaluation-part"),
    path(f"{ONE}edit/<slug:name>/<slug:which>/", views.part, name="evaluation-part-of"),
    path(f"{ONE}files/<int:number>/", views.file, name="evaluation-file"),
]
