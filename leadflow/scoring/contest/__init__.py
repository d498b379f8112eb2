"""Models of the shelf tried in the shadow of the one that scores, and the better one put in its place."""
