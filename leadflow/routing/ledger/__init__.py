"""What was decided: owners, clocks, standings and proofs."""
