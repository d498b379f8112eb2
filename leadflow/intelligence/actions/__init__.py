"""The shelf of next steps: one file each, exporting `ACTION`."""
