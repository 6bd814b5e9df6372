"""Rules of reports: plain Python, no Django."""
