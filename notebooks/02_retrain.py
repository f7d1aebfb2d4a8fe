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
# # How outcomes move the expert's opinion
#
# **Question.** The engine starts with an expert's scorecard and no outcome at all. How many
# placements does it take until it knows better, what does it change its mind about, and does it say
# honestly how sure it is?
#
# **Method.** A simulated programme makes placements in a world whose outcome law we know, and loses
# three in ten of them to follow-up. `RetentionModel` learns from what is left with the scorecard as
# its prior; we hold it against the truth on clients it never saw.
#
# **Data.** Generated people and offers, and outcomes from `matcher.simulation`: the *documented*
# world, where the expert is right in shape but not in strength, and *wrong signs*, where four of
# her terms work the other way round. The worlds were fixed before any model was compared in them.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import PercentFormatter
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data import demo, read_reference
from matcher import Caseload, Engine, Market
from matcher.features import FEATURES
from matcher.learning import RetentionModel, expected_calibration_error, reliability
from matcher.learning.placements import Placements
from matcher.learning.retraining import HORIZON_DAYS, SCHEMA, expert_model, retrained
from matcher.simulation import WORLDS, Simulator, WorldName, draw_log
from matcher.simulation.programme.report import mean_interval

plt.style.use("article.mplstyle")

CLIENTS, OPPORTUNITIES, SEED = 2_000, 1_500, 7
SIZES, DRAWS = (25, 50, 100, 200, 400, 700), 8
WAYS = (WorldName.DOCUMENTED, WorldName.WRONG_SIGNS)

# %%
reference = read_reference()
engine = Engine(reference)
drawn = demo.world(CLIENTS, OPPORTUNITIES, seed=SEED)
caseload = Caseload.from_records(drawn.clients)
market = Market.from_records(drawn.opportunities, drawn.as_of)
people = Simulator(engine, caseload, market, WORLDS[WorldName.DOCUMENTED], seed=SEED)
worlds = {name: people.in_world(WORLDS[name]) for name in WAYS}
logs = {name: draw_log(world, sharpness=1.0, explore=0.2) for name, world in worlds.items()}

# %% [markdown]
# ## What is known of the placements
#
# Of each accepted offer the programme knows the day of the last visit and what it found. Lost is
# *not* counted as safe: a known outcome is weighted for those of whom nothing is known.


# %%
def placements(name: WorldName) -> tuple[Placements, np.ndarray]:
    """Return the placements of a world's log, and the client of each."""
    log = logs[name]
    observed, rows = log.observed, np.flatnonzero(log.accepted)
    begun = np.full(len(rows), np.datetime64("2026-01-01"))
    known = Placements(log.placed, observed.days.astype(float), observed.cause, rows, begun)
    return known, log.client[rows]


known, client = placements(WorldName.DOCUMENTED)
told = known.retained(HORIZON_DAYS)
pd.Series(
    {
        "placements": len(known),
        f"there and safe on day {HORIZON_DAYS}": int(np.nansum(told == 1)),
        "gone by then": int(np.nansum(told == 0)),
        "not known": int(np.isnan(told).sum()),
    },
    name="clients",
).to_frame()

# %% [markdown]
# ## The learning curve
#
# Half of the clients are never learned from. On all options of their slates we know the true
# probability of being there and safe on day 90 as far as features can tell it. The curve shows how
# much worse than that truth each model predicts, in thousandths of a nat of log loss for each
# outcome (Kullback-Leibler divergence): 0 is as good as anything can be.

# %%
held_out = np.random.default_rng(SEED).random(len(caseload)) < 0.5


def options_of_held_out(name: WorldName) -> tuple[np.ndarray, np.ndarray]:
    """Return features of the options of clients held out, and the truth about them."""
    log, world = logs[name], worlds[name]
    row, place = np.nonzero(log.offered & held_out[log.client, None])
    at = world.situations(log.client[row], log.offer[row, place])
    gone = world.law.marginal_incidence(at, [HORIZON_DAYS])
    return at.features, 1.0 - sum(gone.values())[:, 0]


def excess(said: np.ndarray, truth: np.ndarray) -> float:
    """Return the mean log loss beyond that of the truth, in thousandths of a nat."""
    said = np.clip(said, 1e-6, 1 - 1e-6)
    loss = truth * np.log(truth / said) + (1 - truth) * np.log((1 - truth) / (1 - said))
    return 1000 * float(loss.mean())


def plain_logistic() -> object:
    """Return scikit-learn's logistic regression, its penalty tuned by cross-validation."""
    penalty = LogisticRegressionCV(
        Cs=6,
        cv=3,
        max_iter=1_000,
        scoring="neg_log_loss",
        l1_ratios=(0.0,),
        use_legacy_attributes=False,
    )
    return make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler(), penalty)


# %%
directions = [feature.direction for feature in FEATURES]
expert = expert_model(reference.scorecard)
curve = []
for name in WAYS:
    known, client = placements(name)
    x_new, truth = options_of_held_out(name)
    usable = known.take(np.flatnonzero(~held_out[client]))
    for draw in range(DRAWS):
        order = np.random.default_rng((SEED, draw)).permutation(len(usable))
        for n in (size for size in SIZES if size <= len(usable)):
            own = usable.take(order[:n])
            labels = own.labels(HORIZON_DAYS)
            x, y = own.features[labels.row], labels.retained
            fits = {"expert, moved by outcomes": retrained(own, reference.scorecard)}
            fits["no expert, same model"] = RetentionModel(directions).fit(x, y, labels.weight)
            if name is WorldName.DOCUMENTED and min(y.sum(), (1 - y).sum()) >= 5:
                weight = {"logisticregressioncv__sample_weight": labels.weight}
                fits["logistic regression, tuned"] = plain_logistic().fit(x, y, **weight)
            for model, fit in fits.items():
                found = excess(fit.predict_proba(x_new)[:, 1], truth)
                curve.append((name, model, n, found))
curve = pd.DataFrame(curve, columns=["world", "model", "n", "excess"])

# %%
figure, axes = plt.subplots(1, 2, figsize=(9.2, 3.8), sharey=True)
for ax, name in zip(axes, WAYS, strict=True):
    x_new, truth = options_of_held_out(name)
    untaught = excess(expert.predict_proba(x_new)[:, 1], truth)
    ax.axhline(untaught, color="#555555", ls="--", lw=1, label="expert alone")
    own = curve[curve["world"] == name]
    for model, line in own.groupby("model", sort=False):
        at = [mean_interval(of["excess"].to_numpy()) for _, of in line.groupby("n")]
        mean, low, high = np.array(at).T
        sizes = sorted(line["n"].unique())
        ax.plot(sizes, mean, "o-", label=model)
        ax.fill_between(sizes, low, high, alpha=0.2, lw=0)
    ax.set(xscale="log", yscale="log", xlabel="Placements learned from (logarithmic)")
    ax.set_xticks(SIZES, SIZES)
    ax.minorticks_off()
    ax.set_title(WORLDS[name].title)
    ax.grid(axis="y")
axes[0].set_ylabel("Loss beyond the truth, 1/1000 nat")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=4)
caption = figure.supxlabel(
    f"Simulated. Mean over {DRAWS} draws of placements, band: 95 % interval over "
    "draws,\nwhich share most placements at the right end; "
    f"{len(truth):,} options of {int(held_out.sum()):,} clients held out.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# The dashed line is the bar: what the scorecard does with no outcome at all. Where the expert is
# right in shape (left) all curves begin above it, with her as prior too: a cohort or two cannot
# teach nineteen terms, and a model that is taught all the same gets worse before it gets better.
# The blue curve crosses the line a little before 100 placements; the same model without her needs
# some 400, a plain logistic regression as many as there are. So the crossing is the number to know
# before the first retraining, and until then the promotion gate must keep the scorecard. Where four
# of her terms work the other way round (right) she is a poor start, and two cohorts of outcomes are
# better than her alone.
#
# ## What it changed its mind about

# %%
learned = {name: retrained(placements(name)[0], reference.scorecard) for name in WAYS}
shown = (
    "net_income", "travel_minutes", "preference", "required_skills", "living_away",
    "months_to_income",
)  # fmt: skip
colours = dict(zip(WAYS, ("C0", "C1"), strict=True))
figure, axes = plt.subplots(2, 3, figsize=(9.2, 5), sharey=True)
for ax, feature in zip(axes.flat, shown, strict=True):
    column = SCHEMA.index(feature)
    before = expert.terms_[column]
    grid = np.linspace(before.knots[0], before.knots[-1], 60)
    ax.plot(grid, before(grid), color="#555555", ls="--", label="expert")
    for name, model in learned.items():
        term = model.terms_[column]
        worth = term(grid)
        half = 1.645 * term.spread(grid, worth)
        ax.plot(grid, worth, color=colours[name], label=f"learned, {name}")
        ax.fill_between(grid, worth - half, worth + half, color=colours[name], alpha=0.18, lw=0)
    ax.set_title(feature.replace("_", " ").capitalize())
    ax.set_xlabel(FEATURES[column].unit)
    ax.grid(axis="y")
for ax in axes[:, 0]:
    ax.set_ylabel("Log-odds of staying")
figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper left", ncols=3)
caption = figure.supxlabel(
    f"Simulated, {len(known):,} placements, 30 % lost. Band: central 90 % of the posterior. "
    "The last "
    "three work the other way round in the wrong-signs world.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# Where the expert's direction is wrong the model does not turn it round: directions are declared
# and hold. It takes the term's weight away until little is left. That costs some accuracy in a
# world that is upside down, and buys that no accident of a small cohort makes a longer way to work
# look like an advantage.
#
# ## Does it come true?

# %%
name = WorldName.DOCUMENTED
known, client = placements(name)
train = retrained(known.take(np.flatnonzero(~held_out[client])), reference.scorecard)
log = logs[name]
new = held_out[client]
came_true = (~((log.cause > 0) & (log.day <= HORIZON_DAYS)))[new].astype(float)
said = {
    "expert alone": expert.predict_proba(known.features[new])[:, 1],
    "moved by outcomes": train.predict_proba(known.features[new])[:, 1],
}

# %%
figure, axes = plt.subplots(1, 2, figsize=(9.2, 4.2), sharey=True)
for ax, (model, probability), colour in zip(axes, said.items(), ("#555555", "C0"), strict=True):
    bins = reliability(came_true, probability, bins=8)
    error = expected_calibration_error(came_true, probability, bins=8)
    ax.plot([0, 1], [0, 1], color="#BBBBBB", lw=1)
    ax.vlines(bins["said"], bins["low"], bins["high"], color=colour, lw=1.4)
    ax.plot(bins["said"], bins["came_true"], "o", color=colour)
    off = f"off by {100 * error.value:.1f} points ({100 * error.low:.1f} to {100 * error.high:.1f})"
    ax.set_title(f"{model.capitalize()}: {off}")
    ax.set(xlabel="Said: there and safe on day 90", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
axes[0].set_ylabel("Came true")
caption = figure.supxlabel(
    f"Simulated, documented world: {len(came_true)} placements of clients held out, their outcomes "
    f"before any were lost; eight bins of about {len(came_true) // 8}. Lines: Wilson 95 "
    "%.\nOff by: "
    "expected calibration error less chance, 95 % bootstrap interval.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# ## How sure it is, and how often a slate turns round

# %%
x_new, truth = options_of_held_out(name)
row, place = np.nonzero(log.offered & held_out[log.client, None])
usable = known.take(np.flatnonzero(~held_out[client]))


def first_places(model: RetentionModel) -> np.ndarray:
    """Return the place of the best option of each held-out client's slate."""
    score = np.full(log.offered.shape, -np.inf)
    score[row, place] = model.decision_function(x_new)
    return score[np.unique(row)].argmax(axis=1)


sureness = []
for n in (0, *SIZES):
    for draw in range(DRAWS if n else 1):
        order = np.random.default_rng((SEED, draw)).permutation(len(usable))
        fit = retrained(usable.take(order[:n]), reference.scorecard) if n else expert
        low, high = fit.predict_interval(x_new, 0.9).T
        flipped = float(np.mean(first_places(fit) != first_places(expert)))
        holds = float(np.mean((low <= truth) & (truth <= high)))
        sureness.append((n, float(np.median(high - low)), flipped, holds))
sureness = pd.DataFrame(sureness, columns=["n", "width", "flipped", "holds"])

# %%
panels = {
    "width": "Median width of the 90 % interval",
    "holds": "Truth inside the 90 % interval",
    "flipped": "Slates with another first offer",
}
figure, axes = plt.subplots(1, 3, figsize=(9.2, 3.2), sharey=True)
for ax, (column, title) in zip(axes, panels.items(), strict=True):
    by_size = sureness.groupby("n")[column]
    middle, low, high = by_size.mean(), by_size.min(), by_size.max()
    at = np.arange(len(middle))
    ax.vlines(at, low, high, color="C0", lw=1.4)
    ax.plot(at, middle, "o-", color="C0")
    ax.set_xticks(at, middle.index)
    ax.set(xlabel="Placements learned from", ylim=(0, 1))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_title(title)
    ax.grid(axis="y")
axes[1].axhline(0.9, color="#555555", ls="--", lw=1)
caption = figure.supxlabel(
    f"Simulated, documented world, {len(np.unique(row))} slates of up to five options. Dot: "
    "mean over "
    f"{DRAWS} draws; line: smallest to largest draw. Dashed: what is promised.",
    x=0.02,
    ha="left",
)

# %% [markdown]
# ## What it means, and what it does not
#
# - With no outcome the model *is* the scorecard, and as unsure as its author. The interval narrows
#   with placements and holds about what it promises.
# - A first cohort already changes the first offer of some slates, by the first figure not always
#   for the better. Retrain when a season of outcomes is in, and let the promotion gate decide.
# - **Limits.** The worlds are ours. Loss to follow-up hangs here on what the features show; if it
#   hangs on what nobody wrote down, no weighting repairs it. The interval is Laplace's and is not
#   narrowed by the declared directions.
