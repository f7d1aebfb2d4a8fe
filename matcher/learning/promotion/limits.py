"""What a candidate has to reach; every figure is an editable default."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the promotion gate.

    Parameters
    ----------
    level
        Of every one-sided bound; of groups, of all the bounds of one column together.
    margin
        Nats of log loss by which a candidate may be worse than the current model at most, at the
        upper bound, overall.
    group_margin
        Nats of log loss that the mean of a group of at least ``group_n`` may be worse by; below
        that it fails only where it is worse beyond chance.
    group_n
        Rows, or retained ones, below which a group's means say too little; intervals alone decide.
    least_n
        Held-out outcomes below which nothing is promoted.
    calibration_margin
        By how much the expected calibration error may grow. A mean prediction is refused where it
        is further than this from the mean outcome beyond chance, and by more than this further
        than the current model's: what was wrong before is no reason to keep what is worse.
    fairness_floor
        Least ratio, over groups, of the share of those retained whom the model ranks in its upper
        half (the four-fifths rule). Below it a candidate is refused where the ratio fell against
        the current model's beyond chance, and a caution where it fell at all.
    value_margin
        Points of policy value, in rewards, that the lower bound may be below the current model's.
    too_good
        AUC that is not believed: some feature, or the training, has seen the outcome.
    """

    level: float = 0.95
    margin: float = 0.02
    group_margin: float = 0.05
    group_n: int = 30
    least_n: int = 50
    calibration_margin: float = 0.03
    fairness_floor: float = 0.8
    value_margin: float = 0.05
    too_good: float = 0.97
