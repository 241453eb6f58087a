"""From names to things: which document, which agency, which region."""
