"""What an organization's history says of a lead beyond its score: when to reach it, when it is decided, what next."""
