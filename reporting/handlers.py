"""The jobs of this app: assembling and rendering reports."""
