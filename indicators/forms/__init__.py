"""Forms of the pages: what is typed and chosen. What is allowed is decided by the services."""
