"""Addresses of results, entry, review and periods, with codes that people say aloud."""

from indicators.urls import authorities, entry, evidence, periods, results, review, uploads

urlpatterns = [
    *results.urlpatterns,
    *uploads.urlpatterns,
    *evidence.urlpatterns,
    *authorities.urlpatterns,
    *review.urlpatterns,
    *periods.urlpatterns,
    *entry.urlpatterns,
]
