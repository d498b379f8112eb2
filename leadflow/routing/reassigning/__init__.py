"""Many leads given to others at once: looked at before, and taken back after."""
