"""Addresses of an office's own pages: what to do, the grid, one figure."""

from django.urls import URLPattern, path

from indicators.views import entry, overview, work

urlpatterns: list[URLPattern] = [
    path("work/", work.work, name="work"),
    path("overview/", overview.overview, name="overview"),
    path("offices/<str:office>/<str:period>/", entry.page, name="office-period"),
    path("offices/<str:office>/<str:period>/submit/", entry.submit, name="office-submit"),
    path("offices/<str:office>/<str:period>/rows/", entry.rows, name="office-rows"),
    path("offices/<str:office>/<str:period>/<str:indicator>/", entry.row, name="office-figure"),
    path(
        "offices/<str:office>/<str:period>/<str:indicator>/cell/", entry.cell, name="office-cell"
    ),
]
