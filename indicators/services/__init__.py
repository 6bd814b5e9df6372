"""Writes of this app, one module a noun. Every one leaves an audit entry."""
