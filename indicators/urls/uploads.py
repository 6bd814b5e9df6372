"""Addresses of workbooks and uploads."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
