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
# # A programme of four years, decided five ways
#
# **Question.** People come in cohorts, seats and funds come and go, and an employer at whom harm is
# reported is paused with all offers to come. How many more are placed, there and safe on day 180 if
# a programme decides by slates, by plans, or by plans that keep seats and employers for those still
# to come, and what if the expert is wrong?
#
# **Method.** `matcher.simulation.programme` plays the same people, days, seats and luck under every
# policy: what happens with a pair of a client and an offer is settled by the seed beforehand.
# Differences between policies are therefore taken seed by seed.
#
# **Data.** Generated people and offers. To keep it small, a regional office: Battambang and
# Pailin over four years, with their share of the seats and the money. The table of the whole
# programme, with more seeds and in all seven worlds, is printed by `placement simulate`.

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MultipleLocator, PercentFormatter

from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.simulation import TERMS, WORLDS, ProgrammeTerms, Simulator, WorldName
from matcher.simulation.programme import CEILING, PolicyName, figure, gain, simulate

plt.style.use("article.mplstyle")

REGION, SEEDS = ("02", "24"), (1, 2, 3, 4)
PLAYED = (WorldName.DOCUMENTED, WorldName.WRONG_SIGNS)
LABELS = {
    PolicyName.FIRST_COME: "First come, skill match",
    PolicyName.SLATES: "Slates, one by one",
    PolicyName.PLAN: "Plan of the cohort",
    PolicyName.ARRIVALS: "Plan that keeps seats",
    PolicyName.LEARNING: "... and learns each year",
    CEILING: "Hindsight: knows everything",
}

# %%
engine = Engine(read_reference())


def office(seed: int) -> tuple[Simulator, ProgrammeTerms]:
    """Return the people and offers of the region, and its share of the programme."""
    drawn = demo.world(TERMS.clients, TERMS.offers, seed=seed)
    people = [own for own in drawn.clients if str(own["home_place"])[:2] in REGION]
    served = [
        offer
        for offer in drawn.opportunities
        if any(code[:2] in REGION for code in offer["places"] or ())
    ]
    share = len(people) / TERMS.clients
    terms = replace(
        TERMS,
        clients=len(people),
        offers=len(served),
        cohort_size=round(TERMS.cohort_size * share),
        fund_usd_per_quarter=TERMS.fund_usd_per_quarter * share,
    )
    caseload = Caseload.from_records(people)
    market = Market.from_records(served, drawn.as_of)
    return Simulator(engine, caseload, market, WORLDS[WorldName.DOCUMENTED], seed), terms


offices = [office(seed) for seed in SEEDS]
runs = [run for own, terms in offices for run in simulate([own], PLAYED, terms=terms)]
sizes = [terms.clients for _, terms in offices]
note = f"Simulated: {len(SEEDS)} programmes of {min(sizes)} to {max(sizes)} clients"

# %% [markdown]
# ## How many are placed, there and safe on day 180
#
# Of *everybody who came*, not of those placed. Hindsight knows who will come, what they would take
# and the true chances; no policy can know that, and none can be expected to do better.

# %%
policies = [*PolicyName, CEILING]
at = np.arange(len(policies))
figure_1, axes = plt.subplots(1, 2, figsize=(9.2, 3.4), sharey=True, sharex=True)
for ax, world in zip(axes, PLAYED, strict=True):
    for row, policy in enumerate(policies):
        own = figure(runs, world, policy, "retained")
        colour = "#777777" if policy == CEILING else f"C{row}"
        ax.hlines(row, own.low, own.high, color=colour, lw=1.8)
        ax.plot(own.mean, row, "D" if policy == CEILING else "o", color=colour)
    ax.set_title(WORLDS[world].title, fontsize=9)
    ax.set_xlabel("Placed, there and safe on day 180")
    ax.xaxis.set_major_locator(MultipleLocator(0.05))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="x")
axes[0].set_xlim(0, None)
axes[0].set_yticks(at, [LABELS[policy] for policy in policies])
axes[0].invert_yaxis()
caption = figure_1.supxlabel(f"{note}. Line: 95 % interval over programmes.", x=0.02, ha="left")

# %% [markdown]
# ## What a policy gains on first come
#
# The interval above holds how much programmes differ among themselves, which no policy can help.
# Pairing takes that out: each dot is one programme, played twice.

# %%
better = [policy for policy in PolicyName if policy is not PolicyName.FIRST_COME]
figure_2, axes = plt.subplots(1, 2, figsize=(9.2, 3.2), sharey=True, sharex=True)
for ax, world in zip(axes, PLAYED, strict=True):
    first = {
        run.seed: run.figures.retained
        for run in runs
        if (run.world, run.policy) == (world, PolicyName.FIRST_COME)
    }
    for row, policy in enumerate(better):
        own = gain(runs, world, policy, PolicyName.FIRST_COME)
        each = [
            run.figures.retained / first[run.seed] - 1
            for run in runs
            if (run.world, run.policy) == (world, policy)
        ]
        ax.plot(each, np.full(len(each), row + 0.22), ".", color=f"C{row + 1}", alpha=0.6)
        ax.hlines(row, own.low, own.high, color=f"C{row + 1}", lw=1.8)
        ax.plot(own.mean, row, "o", color=f"C{row + 1}")
    ax.axvline(0, color="#555555", lw=1)
    ax.set_title(WORLDS[world].title, fontsize=9)
    ax.set_xlabel("More placed, there and safe than under first come")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis="x")
axes[0].set_yticks(range(len(better)), [LABELS[policy] for policy in better])
axes[0].invert_yaxis()
caption = figure_2.supxlabel(
    f"{note}. Large dot and line: mean and 95 % interval of the paired gain; small dots: "
    "programmes.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# ## At what price to others
#
# More kept must not mean poorer, or better for some and worse for others. Harm is counted over all
# who came: who places more people puts more at risk, and the intervals are too wide to tell the
# policies apart by it.

# %%
panels = {
    "unplaced": ("Not placed", 1),
    "harmed": ("Harmed by day 180", 1),
    "worst_group": ("Worst-off group retained", 1),
    "income_usd": ("Income, USD a month", None),
}
figure_3, axes = plt.subplots(1, 4, figsize=(9.2, 3.2), sharey=True)
for ax, (name, (title, whole)) in zip(axes, panels.items(), strict=True):
    for row, policy in enumerate(PolicyName):
        own = figure(runs, WorldName.DOCUMENTED, policy, name)
        ax.hlines(row, own.low, own.high, color=f"C{row}", lw=1.8)
        ax.plot(own.mean, row, "o", color=f"C{row}")
    ax.set_title(title, fontsize=9)
    ax.set_xlim(0, None)
    ax.grid(axis="x")
    if whole:
        ax.xaxis.set_major_formatter(PercentFormatter(whole, decimals=0))
axes[0].set_yticks(range(len(PolicyName)), [LABELS[policy] for policy in PolicyName])
axes[0].invert_yaxis()
caption = figure_3.supxlabel(
    f"{note}, documented world. Line: 95 % interval over programmes. Groups: sex, age, disability, "
    "ID-poor, of 30 clients or more.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# ## In figures

# %%
pd.DataFrame(
    {
        LABELS[policy]: {
            f"{WORLDS[world].title}: gain": "{:+.0%} ({:+.0%} to {:+.0%})".format(
                *gain(runs, world, policy, PolicyName.FIRST_COME)
            )
            for world in PLAYED
        }
        for policy in (*better, CEILING)
    }
).T

# %% [markdown]
# ## What it means, and what it does not
#
# - About half of the distance between first come and hindsight is closed by looking at *all*
#   admissible offers with a sensible score. Deciding a cohort together helps where its members want
#   the same seats; cohorts of a small office seldom do.
# - Keeping seats and employers for those still to come is priced from futures like the past. In a
#   small office there is little past: it gains where the expert is right in shape, and may cost
#   where she is wrong. The whole programme is the place to judge it.
# - What is learned each year is let in only where it predicts the latest quarter better than what
#   answers now, so it seldom changes much within four years of a small office.
# - **Limits.** Few seeds, one region, and a world of our own making, whose figures were fixed
#   before any policy was played. Employers who harm are paused only when follow-up hears of it. An
#   interval of four programmes is wide; widen `SEEDS` before you quote a number.
