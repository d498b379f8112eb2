"""Job handlers: each file exports `HANDLERS`, from kind to a function of at most fifteen lines."""
