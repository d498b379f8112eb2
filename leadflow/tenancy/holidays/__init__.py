"""Holidays: days on which nobody works, in the whole organization, a team or for one person."""
