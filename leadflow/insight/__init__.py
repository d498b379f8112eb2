"""Insight: KPIs, one file each on the shelf `kpis`."""
