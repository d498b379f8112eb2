"""Trust: whether rules may go by scores, while something is wrong with these."""
