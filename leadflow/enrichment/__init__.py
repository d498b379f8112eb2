"""Enrichment: what an address, a number and the DNS say about a lead."""
