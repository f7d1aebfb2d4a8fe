"""Many rows at once: imports and the demo world, each in one transaction."""
