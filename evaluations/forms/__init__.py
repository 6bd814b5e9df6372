"""Forms of this app, one module a part: what may be typed, and the sentences at each field."""
