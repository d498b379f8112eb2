"""Backtest: what other rules would have made of the organization's own log."""
