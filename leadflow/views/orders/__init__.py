"""Orders of a list: by which keys, and how a page goes on after the last row of the one before."""
