"""The store: tables with their constraints, and the migrations that build them."""
