"""policy-kg: the knowledge graph of China's government policies, from official text to SPARQL."""

__version__ = "0.1.0"
