"""Filters of leads in SQL, for whoever asks."""
