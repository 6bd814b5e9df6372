"""Addresses of the register of authorities and of achievements."""

from django.urls import URLPattern, path

from indicators.views import authorities

COUNTED = "offices/<str:office>/<str:period>/<str:indicator>/achievements/"

urlpatterns: list[URLPattern] = [
    path("authorities/", authorities.register, name="authorities"),
    path("authorities/suggest/", authorities.suggest, name="authority-suggest"),
    path("authorities/<int:number>/", authorities.authority, name="authority"),
    path(COUNTED, authorities.achievements, name="office-achievements"),
    path(f"{COUNTED}<int:number>/", authorities.achievement, name="office-achievement"),
]
