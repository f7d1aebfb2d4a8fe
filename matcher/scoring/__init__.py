"""The additive score, and what it says of the future."""

from matcher.scoring.scorecard import Forecast, InvalidScorecard, Scorecard

__all__ = ["Forecast", "InvalidScorecard", "Scorecard"]
