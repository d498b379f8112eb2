"""Lists in groups: by what, and which leads one group has."""
