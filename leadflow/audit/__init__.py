"""Audit: who did what, append-only, and provably whole."""
