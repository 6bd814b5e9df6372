"""The API: what is published, for everybody; entry, for those who enter."""
