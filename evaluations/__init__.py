"""Evaluations, recommendations and lessons (p.95-104 of the plan)."""
