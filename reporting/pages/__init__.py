"""What templates and terminals show, in words."""
