"""Writes of appointments: made, moved, ended; the checks stand above, in `booking`, and nowhere else."""
