"""Addresses of narrative on its way to translators and back."""

from django.urls import path

from reporting.views import translation

_REPORT = "reports/<slug:slug>/translation/"

urlpatterns = [
    path(_REPORT, translation.page, name="report-translation"),
    path(
        f"{_REPORT}<str:language>.<str:format>",
        translation.download,
        name="report-translation-file",
    ),
    path(
        f"{_REPORT}returned/<str:key>/", translation.returned, name="report-translation-return"
    ),
]
