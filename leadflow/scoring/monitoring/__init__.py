"""Monitoring: how well the model says who will be won, whether what it sees has changed, and when to be alarmed."""
