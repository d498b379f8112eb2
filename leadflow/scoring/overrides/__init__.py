"""People who know better than the score: a lead held in a band until a moment, or until it is let go."""
