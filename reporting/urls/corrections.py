"""Addresses of corrections and comparisons."""

from django.urls import path

from reporting.views import corrections

urlpatterns = [
    path("corrections/issued/", corrections.issued, name="corrections-issued"),
    path("reports/<slug:slug>/corrigendum/", corrections.draft, name="corrigendum-draft"),
    path("reports/<slug:slug>/compare/", corrections.compare, name="report-compare"),
]
