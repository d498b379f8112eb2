"""Views: filters, sorts and counts; one query language for table, board, API and live feed."""
