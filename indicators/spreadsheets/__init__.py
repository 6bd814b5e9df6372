"""What the files hold in which people fill in figures: sheets, columns, words; writing, reading."""
