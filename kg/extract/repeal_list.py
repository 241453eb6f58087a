"""Finds repeals said once for a list."""
def find_listed(reader):
    return []
