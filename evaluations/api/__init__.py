"""The API: what is published, for everybody; follow-up, for those who own actions."""
