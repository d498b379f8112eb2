"""Adapters: database, queue, live hub, logging, DNS, and the engines of a laptop."""
