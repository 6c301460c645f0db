"""Measures the clinic against what its engines can do at all: `python3 run.py bench`. No part of the product."""
