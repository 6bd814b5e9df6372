"""Addresses of lists of recommendations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
