"""The employer side: employers, offers and their clearance. It knows of no client."""
