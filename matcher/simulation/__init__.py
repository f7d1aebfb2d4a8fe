"""Worlds whose outcome laws are known: what a policy, a model or an estimate can be held against."""
