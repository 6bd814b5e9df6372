"""Pages of evaluations, recommendations and lessons."""
