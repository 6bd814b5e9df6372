"""What the pages of evaluations show, composed from what the queries found."""
