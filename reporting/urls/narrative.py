"""Addresses of what offices write in reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
