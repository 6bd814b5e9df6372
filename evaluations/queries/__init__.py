"""Reads of evaluations, recommendations and lessons."""
