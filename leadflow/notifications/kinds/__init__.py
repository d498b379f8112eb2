"""The shelf: one kind of notification per file, each exporting `NOTICE`."""
