"""Pages in words: what the templates show, composed from queries; nothing is decided here."""
