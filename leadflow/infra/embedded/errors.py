class EngineError(RuntimeError):
    """An embedded engine cannot run; the message is one line that says what to do."""
