"""Names and phones of people, each read and written in one way."""
