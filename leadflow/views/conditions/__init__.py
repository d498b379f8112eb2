"""Conditions on leads: which fields can be asked about, in which words, and what they come to in SQL."""
