"""Addresses of keeping evaluations."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
