"""Intake: how leads come in from outside, through hosted forms and from files."""
