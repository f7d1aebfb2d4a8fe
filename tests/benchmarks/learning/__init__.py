"""Learning: what is claimed of it, measured."""
