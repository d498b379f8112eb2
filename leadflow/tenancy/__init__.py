"""Tenancy: where you belong and what you may do there."""
