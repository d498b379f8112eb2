"""Scoring: rules, an online model, and an explanation that adds up."""
