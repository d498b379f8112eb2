"""Leads that are offered to many, until one takes them."""
