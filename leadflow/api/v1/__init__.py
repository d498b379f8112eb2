"""Version 1 of the API: one file per plural noun, each exporting `ROUTER`."""
