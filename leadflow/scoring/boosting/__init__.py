"""Gradient-boosted trees, trained at night, as one more expert of an additive model."""
