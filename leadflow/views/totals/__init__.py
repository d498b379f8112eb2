"""Totals of lists and of their groups: how many, worth how much, how warm."""
