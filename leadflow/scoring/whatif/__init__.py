"""What would lift a lead into the next band, and what is worth finding out about it; the scorer itself says so."""
