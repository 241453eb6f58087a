"""Asks a graph for the force of what annotated statutes repeal, on the day of each repeal and the day before."""
