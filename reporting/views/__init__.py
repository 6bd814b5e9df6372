"""The doors of this app: the home page and the pages of reports."""
