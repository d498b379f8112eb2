"""The shelf of insights: one file each, exporting `INSIGHT`."""
