"""T04: deeds of everybody, in any order, and what has to be true after each of them."""
