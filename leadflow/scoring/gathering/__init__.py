"""What a batch of events is scored with."""
