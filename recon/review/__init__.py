"""The review board: proposals side by side, decided by a person."""
