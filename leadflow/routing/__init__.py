"""Routing: who takes a lead. Round robin, fairly."""
