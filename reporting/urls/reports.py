"""Addresses of the home page and of reports."""

from django.urls import path

from organization.kept import for_the_public
from reporting.views import home, progress, readiness, reports, sign_off

urlpatterns = [
    path("", for_the_public(home.home), name="home"),
    path("about/figures/", home.about_figures, name="about-figures"),
    path("submissions/<int:number>/sign-off.pdf", sign_off.sign_off, name="sign-off"),
    path("reports/", reports.index, name="reports"),
    path("readiness/", readiness.coming, name="readiness"),
    path("reports/<slug:slug>/", reports.report, name="report"),
    path("reports/<slug:slug>/assemble/", reports.assemble, name="report-assemble"),
    path("reports/<slug:slug>/progress/", progress.progress, name="report-progress"),
    path("reports/<slug:slug>/work/cancel/", progress.cancel, name="report-work-cancel"),
    path("reports/<slug:slug>/work/retry/", progress.retry, name="report-work-retry"),
    path("reports/<slug:slug>/readiness/", readiness.page, name="report-readiness"),
    path("reports/<slug:slug>/clear/", reports.clear, name="report-clear"),
    path("reports/<slug:slug>/issue/", reports.issue, name="report-issue"),
    path("reports/<slug:slug>/<str:language>.<str:format>", reports.download, name="report-file"),
]
