"""Territories: which leads are whose, by what is known of them."""
