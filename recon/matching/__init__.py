"""Which unlinked records are the same thing: pairs, evidence, proposals."""
