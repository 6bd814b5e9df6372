"""Addresses of workbooks, of lists to fill in, and of uploads."""

from django.urls import URLPattern, path

from indicators.views import uploads

urlpatterns: list[URLPattern] = [
    path(
        "offices/<str:office>/<str:period>.<str:format>", uploads.workbook, name="office-workbook"
    ),
    path("lists/<str:kind>.<str:format>", uploads.list_file, name="list-file"),
    path("uploads/new/", uploads.new, name="upload-new"),
    path("uploads/<int:number>/", uploads.upload, name="upload"),
    path("uploads/<int:number>/progress/", uploads.progress, name="upload-progress"),
    path("uploads/<int:number>/errors/", uploads.errors, name="upload-errors"),
]
