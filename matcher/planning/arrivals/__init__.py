"""People who come in batches, and seats kept for those still to come."""

from matcher.planning.arrivals.arrivals import Arrivals

__all__ = ["Arrivals"]
