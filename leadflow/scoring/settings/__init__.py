"""The rules of an organization's score: looked at, changed, and taken back."""
