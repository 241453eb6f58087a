"""Measures what a build costs in time and memory, and whether the cost grows in step with the input."""
