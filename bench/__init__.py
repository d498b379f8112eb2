"""Benchmarks: each file's `run` measures something beside its baseline, in the same run."""
