"""What the leads of organizations that want it have in common, as one more expert of an additive model."""
