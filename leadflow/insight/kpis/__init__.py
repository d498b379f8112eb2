"""The shelf of KPIs: one file each, exporting `KPI`."""
