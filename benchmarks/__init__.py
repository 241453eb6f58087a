"""Measures the package: how right its graphs are, and what they cost."""
