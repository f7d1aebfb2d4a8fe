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
# # What is on offer where, and what of it may be offered
#
# **Question.** A client comes home to a village. How much work, training and grant money is within
# her reach, how safe is it, what does it pay, and what stands in the way?
#
# **Method.** We look at a market of 10,000 opportunities through the engine's own eyes: its safety
# screen, its gates, its incomes and its climate model. Nothing is scored here; a gate decides
# before any score.
#
# **Data.** Everybody and everything below is *generated*, from the published marginals listed in
# `data/demo/marginals.csv`. The figures show what the engine does with such a market; they are not
# statistics of Cambodia. Hazards and populations are published or judged figures of
# `data/reference/provinces.csv`. To look at a real market, read your own records into `Market`.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, LogNorm, Normalize
from matplotlib.ticker import PercentFormatter
from scipy.optimize import linear_sum_assignment

from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.climate import loss_share
from matcher.offers import Offers
from matcher.pairs import Pairs
from matcher.profiles import Profiles

plt.style.use("article.mplstyle")

CLIENTS, OPPORTUNITIES, SEED = 600, 10_000, 7

# %%
reference = read_reference()
engine = Engine(reference)
drawn = demo.world(CLIENTS, OPPORTUNITIES, seed=SEED)
caseload = Caseload.from_records(drawn.clients)
market = Market.from_records(drawn.opportunities, drawn.as_of)
offers = Offers(market, engine.knowledge)
provinces = reference.provinces.set_index("code")

# %% [markdown]
# ## How much there is
#
# The screen gives each opportunity a verdict. *Review* means that a person must look first, because
# a fact is missing or a danger is hinted at; *block* means that no officer can offer it.

# %%
verdict = pd.Series(offers.screen.verdict.astype(str), name="verdict")
table = pd.crosstab(pd.Series(market.kind, name="kind"), verdict, margins=True)
table["seats told"] = pd.Series(market.seats).groupby(market.kind).sum().astype(int)
table.fillna({"seats told": np.nansum(market.seats)}).astype(int)

# %% [markdown]
# ## Where it is
#
# A map of Cambodia gives most of its ink to provinces where few people live. A tile grid gives each
# province one tile: the tiles are the cells of a grid, shared out so that all provinces together
# lie as near as possible to where they are (an assignment over squared distances; own layout).


# %%
def tile_grid(columns: int = 7, rows: int = 6) -> pd.DataFrame:
    """Return the column and row of each province's tile, by code."""
    east = np.interp(provinces["longitude"], _ends(provinces["longitude"]), (0, columns - 1))
    south = np.interp(-provinces["latitude"], _ends(-provinces["latitude"]), (0, rows - 1))
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(columns), np.arange(rows)))
    away = (east[:, None] - column) ** 2 + (south[:, None] - row) ** 2
    cell = linear_sum_assignment(away)[1]
    return pd.DataFrame({"column": column[cell], "row": row[cell]}, index=provinces.index)


def _ends(values: pd.Series) -> tuple[float, float]:
    return values.min(), values.max()


def tile_map(ax: Axes, value: pd.Series, norm: Normalize, label: pd.Series | None = None) -> None:
    """Draw one tile a province, shaded by its value; ``label`` is written into it."""
    shade = plt.get_cmap("Blues")
    for code, tile in tiles.iterrows():
        colour = shade(norm(value[code]))
        ax.add_patch(plt.Rectangle((tile.column, tile.row), 0.94, 0.94, color=colour, lw=0))
        if label is not None:
            ink = "white" if np.dot(colour[:3], (0.3, 0.6, 0.1)) < 0.5 else "black"
            at = (tile.column + 0.47, tile.row + 0.47)
            ax.text(*at, label[code], color=ink, ha="center", va="center", fontsize=6.5)
    ax.set(xlim=(0, 7), ylim=(6, 0), aspect="equal")
    ax.axis("off")


tiles = tile_grid()

# %%
served = pd.Series([sorted({code[:2] for code in codes or ()}) for codes in market.places])
lines = pd.DataFrame({"province": served, "kind": market.kind}).explode("province").dropna()
count = lines.groupby(["kind", "province"]).size().unstack("kind").reindex(tiles.index).fillna(0)
per_head = count.div(provinces["population_2019"], axis=0) * 100_000
total = per_head.sum(axis=1)
names = provinces["name_en"].str.replace(" ", "\n") + "\n" + total.round().astype(int).astype(str)

figure = plt.figure(figsize=(9.2, 5.4))
whole, side = figure.subfigures(1, 2, width_ratios=(2.4, 1))
norm = LogNorm(5, total.max())
ax = whole.subplots()
tile_map(ax, total, norm, names)
ax.set_title("All opportunities per 100,000 people")
titles = {"vacancy": "Vacancies", "training": "Trainings", "grant": "Grants"}
for ax, (kind, title) in zip(side.subplots(3, 1), titles.items(), strict=True):
    tile_map(ax, per_head[kind], norm)
    ax.set_title(f"{title} (n = {int((market.kind == kind).sum()):,})", fontsize=9)
    bar = plt.cm.ScalarMappable(norm, "Blues")
ticks = [5, 20, 100, 400]
figure.colorbar(bar, ax=side.axes, shrink=0.5, ticks=ticks, format="%d", label="per 100,000 people")
caption = whole.supxlabel(
    f"Generated market, {len(market):,} opportunities; one that serves several provinces "
    "counts in\n"
    f"each, {int((served.str.len() == 0).sum()):,} without a place in none. Population: NIS "
    "census 2019.",
    x=0.02, ha="left",
)  # fmt: skip

# %% [markdown]
# Where there are many opportunities for each person, few people live: a rate is no promise of a
# seat. Read it together with the number of offers a client may be made, at the end.
#
# ## What the weather threatens
#
# Hazards are ordinal levels, 1 (low) to 4 (very high). The weak columns are shown as weak: a white
# dot marks a level that rests on low confidence.

# %%
hazards = reference.hazards[reference.hazards["place"].str.len() == 2].set_index("place")
figure, axes = plt.subplots(1, 4, figsize=(9.2, 2.9))
norm = BoundaryNorm(np.arange(0.5, 5), 256)
for ax, hazard in zip(axes, ("flood", "drought", "heat", "wind"), strict=True):
    rated = hazards[hazards["hazard"] == hazard]
    tile_map(ax, rated["level"], norm)
    weak = tiles[rated["confidence"] == "low"]
    ax.plot(weak["column"] + 0.47, weak["row"] + 0.47, "o", color="white", ms=3.5, mec="#555555")
    ax.set_title(f"{hazard.capitalize()}: {len(weak)} of 25 weak")
bar = plt.cm.ScalarMappable(norm, "Blues")
figure.colorbar(bar, ax=axes, shrink=0.7, label="level", ticks=[1, 2, 3, 4])
caption = figure.supxlabel(
    "White dot: low confidence. Sources: flood WFP/NCDM PRISM; drought published listings; heat "
    "MOWRAM; wind NCDM, graded by judgement.",
    x=0.02, ha="left",
)  # fmt: skip

# %% [markdown]
# ## What it pays, and how much of that a bad year takes
#
# A vacancy counts with the wage posted, a grant with the middle income of the business it starts.
# Beside it stands the share of the income that a year of hazards puts at risk at that place,
# $L = 1 - \prod_k (1 - h_k s_k (1 - a_k))$. It is a share *at risk*, not a yearly loss.

# %%
families = reference.livelihood_families.set_index("family")["name_en"]
family = reference.livelihoods.set_index("livelihood")["family"].map(families)
pay = pd.DataFrame(
    {
        "family": family.reindex(market.livelihood).to_numpy(),
        "kind": market.kind,
        "income_usd": offers.monthly_income,
        "at_risk": loss_share(engine.knowledge.climate.at(offers.places[:, 0]), offers.sensitivity),
    }
)
pay = pay[(pay["kind"] != "training") & (verdict != "block")].dropna(subset=["family"])
size = pay.groupby(["family", "kind"])["income_usd"].transform("size")
pay = pay[size >= 20]
order = pay.groupby("family")["income_usd"].median().sort_values().index

# %%
figure, axes = plt.subplots(1, 2, figsize=(9.2, 5.2), sharey=True, width_ratios=(3, 2))
columns = {"income_usd": "Income, USD a month", "at_risk": "Share of it at risk in a bad year"}
for kind, colour, shift in (("vacancy", "C0", 0.16), ("grant", "C1", -0.16)):
    own = pay[pay["kind"] == kind].groupby("family")
    for ax, column in zip(axes, columns, strict=True):
        middle = own[column].quantile([0.1, 0.5, 0.9]).unstack()
        at = np.array([order.get_loc(name) for name in middle.index]) + shift
        ax.hlines(at, middle[0.1], middle[0.9], color=colour, lw=1.4)
        name = {"vacancy": "Vacancy, wage posted", "grant": "Grant, income of the business"}[kind]
        ax.plot(middle[0.5], at, "o", color=colour, label=f"{name} (n = {own.ngroup().size:,})")
for ax, label in zip(axes, columns.values(), strict=True):
    ax.set(xlabel=label, xlim=(0, None))
    ax.grid(axis="x")
axes[1].xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
axes[0].set_yticks(range(len(order)), order)
axes[0].axvline(offers.comparator_wage_usd, color="#555555", lw=1, ls="--")
axes[0].text(
    offers.comparator_wage_usd + 6, 0.4,
    f"garment\nminimum\nwage {offers.comparator_wage_usd:.0f}", fontsize=7.5, color="#555555",
)  # fmt: skip
handles, labels = axes[0].get_legend_handles_labels()
figure.legend(handles, labels, loc="outside upper left", ncols=2)
caption = figure.supxlabel(
    "Generated market. Dot: median; line: 10th to 90th percentile of offers, not an interval of "
    "estimation; rows of fewer than 20 offers left out.\nThe minimum wage is law in garments, "
    "footwear and travel goods alone (2026); elsewhere a comparator.",
    x=0.02, ha="left",
)  # fmt: skip

# %% [markdown]
# ## What the gates refuse
#
# For each pair of a client and an opportunity every gate answers. The light bar counts the pairs
# that a reason refuses; the dark one those that *nothing else* refuses. The dark bars are what
# could be changed: a vehicle, a document, a fund.

# %%
pairs = Pairs.all_of(Profiles(caseload, engine.knowledge), offers)
refused = {
    code: np.broadcast_to(mask, pairs.shape)
    for gate in engine.gates
    for code, mask in zip(gate.codes, gate.failures(pairs), strict=True)
}
reasons = sum(mask.astype(np.int8) for mask in refused.values())
share = pd.DataFrame(
    {code: (mask.mean(), (mask & (reasons == 1)).mean()) for code, mask in refused.items()},
    index=["any", "alone"],
).T.nlargest(14, "any")[::-1]
label = reference.phrases.set_index("key")["en"]

figure, ax = plt.subplots(figsize=(9.2, 4.2))
ax.barh(range(len(share)), share["any"], color="#9ECAE1", label="refused for this reason")
ax.barh(range(len(share)), share["alone"], color="C0", label="refused for this reason alone")
ax.set_yticks(range(len(share)), [label[f"label.{code}"] for code in share.index])
for row, (every, alone) in enumerate(share.itertuples(index=False)):
    ax.text(every + 0.005, row, f"{every:.1%} ({alone:.1%})", va="center", fontsize=7.5)
ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
ax.set(xlabel="Share of all pairs of a client and an opportunity", xlim=(0, 1))
ax.legend(loc="lower right")
caption = figure.supxlabel(
    f"Generated: {len(caseload):,} clients x {len(market):,} opportunities = "
    f"{reasons.size:,} pairs, "
    f"of which {np.mean(reasons == 0):.1%} may be offered. A pair can be refused for "
    "several reasons.",
    x=0.02, ha="left",
)  # fmt: skip

# %% [markdown]
# Distance refuses most, by far. Rural work is scattered: offers
# that come to the village (grants, work at home) matter more than their number suggests.
#
# ## What is left for a client

# %%
possible = pd.DataFrame(
    {
        "province": [home[:2] if home else None for home in caseload.home_place],
        "offers": (reasons == 0).sum(axis=1),
    }
).dropna()
by_home = possible.groupby("province")["offers"]
spread = by_home.quantile([0.1, 0.5, 0.9]).unstack().assign(n=by_home.size())
spread = spread[spread["n"] >= 10].sort_values(0.5)

figure, ax = plt.subplots(figsize=(9.2, 5.4))
rows = np.arange(len(spread))
ax.hlines(rows, spread[0.1], spread[0.9], color="C0", lw=1.4)
ax.plot(spread[0.5], rows, "o", color="C0")
ax.set_yticks(rows, provinces["name_en"].loc[spread.index] + " (" + spread["n"].astype(str) + ")")
ax.axvline(3, color="#555555", lw=1, ls="--")
ax.text(3.1, -0.8, "three different options are due", fontsize=7.5, color="#555555")
ax.set_xscale("symlog", linthresh=1)
ax.set_xticks([0, 1, 3, 10, 30, 100, 300], ["0", "1", "3", "10", "30", "100", "300"])
ax.set(xlabel="Opportunities that may be offered to a client (logarithmic)", xlim=(-0.1, None))
ax.grid(axis="x")
few = possible["offers"] < 3
caption = figure.supxlabel(
    f"Generated. Dot: median client; line: 10th to 90th percentile of clients; in brackets "
    "clients, "
    f"provinces with fewer than ten left out.\n{int(few.sum())} of {len(few)} clients "
    f"({few.mean():.0%}) have fewer than three options before pathways are looked for.",
    x=0.02, ha="left",
)  # fmt: skip

# %% [markdown]
# ## What it means, and what it does not
#
# - Counting offers overstates a market: nearly all of it is out of a given client's reach, and part
#   of what is near is unsafe. The number to manage is the last figure, not the first.
# - The dark bars of the gates are a to-do list for a programme: transport, documents, start-up
#   money. `placement what-would-help` asks the same for one client.
# - **Limits.** The market is generated, so the shares are those of the generator. Travel times are
#   from district points, not roads. Hazard levels are ordinal and, for wind and drought, weak.
#   Within a province the spread is large: import commune values where you have them.
