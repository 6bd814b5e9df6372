"""Addresses of results, entry, review and periods, with codes that people say aloud."""

from django.urls import path

from indicators.views import entry, overview, periods, results, review, work
from organization.kept import for_the_public

urlpatterns = [
    path("results/", for_the_public(results.index), name="results"),
    path("results/<str:code>/", for_the_public(results.result), name="result"),
    path("results/<str:code>/arithmetic/", for_the_public(results.arithmetic), name="arithmetic"),
    path("results/<str:code>/history/", for_the_public(results.history), name="indicator-history"),
    path("results.<str:format>", results.download, name="results-file"),
    path("work/", work.work, name="work"),
    path("overview/", overview.overview, name="overview"),
    path("offices/<str:office>/<str:period>/", entry.page, name="office-period"),
    path("offices/<str:office>/<str:period>/submit/", entry.submit, name="office-submit"),
    path("offices/<str:office>/<str:period>/<str:indicator>/", entry.row, name="office-figure"),
    path(
        "offices/<str:office>/<str:period>/<str:indicator>/achievements/",
        entry.achievements,
        name="office-achievements",
    ),
    path("submissions/", review.queue, name="submissions"),
    path("submissions/<int:number>/", review.submission, name="submission"),
    path("periods/", periods.index, name="periods"),
    path("periods/<str:code>/", periods.period, name="period"),
]
