"""Appointments as rows: made, moved, ended. Whether that may be is asked above, in `booking`, and by nobody else."""
