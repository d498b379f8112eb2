"""Leads that somebody has selected: named one by one, or all that match a filter."""
