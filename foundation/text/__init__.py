"""What people write about people: names and phones, each read and written in one way."""
