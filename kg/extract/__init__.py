"""Questions asked of a passage: one module, one field."""
