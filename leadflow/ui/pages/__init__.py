"""One folder per page; each exports `PAGE`."""
