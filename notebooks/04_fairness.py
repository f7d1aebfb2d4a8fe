# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Is it as good for everybody?
#
# **Question.** A model can be right on average and wrong for one group; a plan can be best in total
# and leave one group behind. How do we see it, what does it cost to mend it, and when should the
# model say that it does not know?
#
# **Method.** Reports by group with sizes and intervals (`group_report`, on fairlearn's frames);
# floors for groups in the caseload plan (`assign`); and conformal sets calibrated group by group
# (`GroupConformal`), which abstain where both outcomes are possible. No feature and no score reads
# a protected attribute: groups are for looking, and for floors in a plan.
#
# **Data.** Generated people and offers; outcomes from the documented world of `matcher.simulation`.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter

from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.learning import GroupConformal, group_report, wilson_interval
from matcher.learning.placements import Placements
from matcher.learning.retraining import HORIZON_DAYS, expert_model, retrained
from matcher.planning import assign
from matcher.planning.groupings import GROUPINGS
from matcher.scoring.scorecard import probability
from matcher.simulation import WORLDS, Cause, Simulator, WorldName, draw_log

plt.style.use("article.mplstyle")

CLIENTS, OPPORTUNITIES, SEED = 2_000, 1_000, 7
PLANNED, SEATS, PLANS, LEVEL = 120, 60, 6, 0.8

# %%
reference = read_reference()
engine = Engine(reference)
drawn = demo.world(CLIENTS, OPPORTUNITIES, seed=SEED)
caseload = Caseload.from_records(drawn.clients)
market = Market.from_records(drawn.opportunities, drawn.as_of)
simulator = Simulator(engine, caseload, market, WORLDS[WorldName.DOCUMENTED], seed=SEED)
log = draw_log(simulator, sharpness=1.0, explore=0.2)
groups = pd.DataFrame(simulator.groups()).rename(columns={"idpoor": "ID-poor"})

# %% [markdown]
# ## Does the model think too little of a group?
#
# Half of the placements teach, half are held out. *Surplus* is what came true less what was said:
# above zero, the model thinks too little of the group. With so many groups one interval in twenty
# misses zero by chance.

# %%
rows, seen = np.flatnonzero(log.accepted), log.observed
begun = np.full(len(rows), np.datetime64("2026-01-01"))
placed = Placements(log.placed, seen.days.astype(float), seen.cause, rows, begun)
new = np.random.default_rng(SEED).random(len(placed)) < 0.5
came_true = ~((log.cause != Cause.CENSORED) & (log.day <= HORIZON_DAYS))[new]
models = {
    "expert alone": expert_model(reference.scorecard),
    "moved by outcomes": retrained(placed.take(np.flatnonzero(~new)), reference.scorecard),
}
of = groups.iloc[log.client[rows]][new].reset_index(drop=True)
reports = {
    name: group_report(came_true.astype(float), model.predict_proba(log.placed[new])[:, 1], of)
    for name, model in models.items()
}

# %%
report = reports["expert alone"]
known = report[report["shown"] & (report.index.get_level_values("group") != "unknown")]
at = np.arange(len(known))
figure, ax = plt.subplots(figsize=(9.2, 4.4))
for shift, colour, (name, own) in zip(
    (-0.15, 0.15), ("#777777", "C0"), reports.items(), strict=True
):
    own = own.loc[known.index]
    ax.hlines(at + shift, own["surplus_low"], own["surplus_high"], color=colour, lw=1.6)
    ax.plot(own["surplus"], at + shift, "o", color=colour, label=name)
ax.axvline(0, color="#555555", lw=1)
names = [
    f"{group} (n = {n})" if attribute in (group, "all") else f"{attribute}: {group} (n = {n})"
    for (attribute, group), n in known["n"].items()
]
ax.set_yticks(at, names)
ax.invert_yaxis()
ax.set_xlabel("Surplus: came true less said, there and safe on day 90")
ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
ax.grid(axis="x")
ax.legend(loc="lower right")
caption = figure.supxlabel(
    f"Simulated, {int(new.sum())} placements held out, outcomes before any were lost. Line: 95 % "
    "interval. Groups of fewer than ten are withheld.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# ## What a floor costs
#
# A plan maximises the expected number of people retained. A *floor* says how low the mean of no
# group may fall: what each would get if seats were drawn by lot (*random*), with its own share of
# the seats (*proportional*), or as much as the worst-off can get at all (*maxmin*). The price is
# the share of the total that the floor takes away. Groups are home provinces here, where clients
# differ most in what is near.


# %%
def scarce_plan(draw: int, floor: str | None) -> list[tuple[int, str, int, float, float]]:
    """Return what each group gets in a plan of some clients and few seats."""
    dice = np.random.default_rng((SEED, draw))
    able = np.flatnonzero((~np.isnan(simulator.score)).any(axis=1) & np.isin(home, largest))
    client = dice.choice(able, PLANNED, replace=False)
    value = probability(simulator.score[client])
    some = dice.choice(np.flatnonzero((~np.isnan(value)).any(axis=0)), SEATS, replace=False)
    seats = np.ones(SEATS)
    plan = assign(value[:, some], seats, groups=home[client], floor=floor, time_limit=5.0)
    price = plan.price_of_fairness or 0.0
    return [(draw, floor or "no floor", own.size, own.mean_value, price) for own in plan.groups]


home = np.array(GROUPINGS["province"](caseload))
largest = pd.Series(home[home != "unknown"]).value_counts().index[:5]
floors = (None, "random", "proportional", "maxmin")
told = [row for draw in range(PLANS) for floor in floors for row in scarce_plan(draw, floor)]
plans = pd.DataFrame(told, columns=["draw", "floor", "size", "mean", "price"])

# %%
names = plans["floor"].unique()
by_plan = plans.groupby(["floor", "draw"]).agg(
    lowest=("mean", "min"), highest=("mean", "max"), price=("price", "first")
)
panels = {
    "Chance of staying, mean of the group": {"highest": "C0", "lowest": "C1"},
    "Price: share of the total": {"price": "#555555"},
}
figure, axes = plt.subplots(1, 2, figsize=(9.2, 3.6), width_ratios=(3, 2))
at = np.arange(len(names))
for ax, (title, columns) in zip(axes, panels.items(), strict=True):
    for column, colour in columns.items():
        own = by_plan[column].unstack().loc[names]
        ax.plot(np.repeat(at, PLANS), own.to_numpy().ravel(), ".", color=colour, alpha=0.5)
        ax.plot(at, own.mean(axis=1), "_", color=colour, ms=18, mew=2.5, label=f"{column} group")
    ax.set_title(title)
    ax.set_xticks(at, names)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0 if ax is axes[0] else 1))
    ax.grid(axis="y")
axes[0].legend(loc="lower left", ncols=2)
caption = figure.supxlabel(
    f"Generated: {PLANS} plans of {PLANNED} clients of the five largest home provinces "
    f"({plans['size'].min()} to {plans['size'].max()} clients each) for {SEATS} "
    "seats.\nDot: a plan; "
    "bar: mean. Unplaced clients count as zero.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# The plan without a floor already gives each group more than a lottery or its own share would, so
# those two floors cost nothing. Lifting the worst-off as far as it goes does cost, and takes from
# the best-off.
#
# ## When it should say that it does not know
#
# A conformal set holds what can't be ruled out. Calibrated on everybody together it keeps its
# promise on average and may break it for a group; calibrated group by group it keeps it for each,
# and says *undecided* more often where it must.

# %%
said = models["moved by outcomes"].predict_proba(log.placed[new])[:, 1]
half = np.random.default_rng(SEED + 1).random(len(said)) < 0.5
checked = []
for attribute in ("sex", "age", "ID-poor"):
    member = of[attribute].to_numpy().astype(str)
    everybody = np.full(len(member), "everybody")
    for way, label in (("together", everybody), ("group by group", member)):
        conformal = GroupConformal(LEVEL).fit(came_true[half], said[half], label[half])
        decided = conformal.decide(said[~half], label[~half])
        held = decided.sets[np.arange((~half).sum()), came_true[~half].astype(int)]
        for group in np.unique(member[~half]):
            own = member[~half] == group
            if group != "unknown" and own.sum() >= 30:
                share = (held[own].sum(), decided.undecided[own].sum(), own.sum())
                checked.append((way, f"{attribute}: {group}", *share))
checked = pd.DataFrame(checked, columns=["way", "group", "held", "undecided", "n"])

# %%
order = checked["group"].unique()
size = checked.groupby("group")["n"].first()
figure, axes = plt.subplots(1, 2, figsize=(9.2, 3.6), sharey=True)
columns = {"held": "Outcomes inside the set", "undecided": "Told the officer: undecided"}
for shift, colour, way in ((-0.15, "#777777", "together"), (0.15, "C0", "group by group")):
    own = checked[checked["way"] == way].set_index("group").loc[order]
    at = np.arange(len(order)) + shift
    for ax, (column, title) in zip(axes, columns.items(), strict=True):
        low, high = wilson_interval(own[column], own["n"])
        ax.hlines(at, low, high, color=colour, lw=1.6)
        ax.plot(own[column] / own["n"], at, "o", color=colour, label=f"calibrated {way}")
        ax.set(title=title, xlim=(0, 1))
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.grid(axis="x")
axes[0].axvline(LEVEL, color="#555555", ls="--", lw=1)
axes[0].set_yticks(np.arange(len(order)), [f"{group} (n = {size[group]})" for group in order])
axes[0].invert_yaxis()
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=2)
caption = figure.supxlabel(
    f"Simulated: calibrated on {int(half.sum())} placements, checked on "
    f"{int((~half).sum())} others. "
    f"Line: Wilson 95 %. Dashed: the promise, {LEVEL:.0%}.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# ## What it means, and what it does not
#
# - Read sizes and intervals before differences. Most gaps of small groups are chance; those that
#   stay when outcomes come in are the ones to act on, and the promotion gate refuses a model that
#   makes a group worse.
# - A floor is a decision of the programme, not of the model: the price tells what it costs, the
#   groups what it buys.
# - Where the model is undecided that is an answer: the officer decides, and knows that she does.
# - **Limits.** One world, where groups differ only through what the features show. Groups are small
#   in real cohorts; what is withheld is not thereby fair.
