"""Scores a built graph against annotations: per field and relation, with every error and its cause."""
