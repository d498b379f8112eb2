"""Search in the lists of leads."""
