"""What has happened, read from the log as the scoring projection heard it."""
