"""Other solvers of the seat problem, each given the problem as it likes it."""

import highspy
import numpy as np
import ot
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array

UNITS = 10**6
"""What a value of one is in whole units, for solvers that know only those."""


def scipy_expanded(value, capacity):
    """A column for each seat."""
    wide = np.maximum(np.nan_to_num(value)[:, np.repeat(np.arange(len(capacity)), capacity)], 0)
    rows, columns = linear_sum_assignment(wide, maximize=True)
    return wide[rows, columns].sum()


def ortools_flow(value, capacity):
    """Every admissible pair an arc; an arc past the opportunities for whoever stays out."""
    n, m = value.shape
    client, at = np.nonzero(~np.isnan(value))
    source, sink = n + m, n + m + 1
    heads = [client, np.full(n, source), n + np.arange(m), np.arange(n)]
    tails = [n + at, np.arange(n), np.full(m, sink), np.full(n, sink)]
    room = [np.ones(len(client)), np.ones(n), capacity, np.ones(n)]
    cost = [-np.round(UNITS * value[client, at]), np.zeros(2 * n + m)]
    flow = min_cost_flow.SimpleMinCostFlow()
    whole = [np.concatenate(x).astype(np.int64) for x in (heads, tails, room, cost)]
    flow.add_arcs_with_capacity_and_unit_cost(*whole)
    flow.set_node_supply(source, n)
    flow.set_node_supply(sink, -n)
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost() / UNITS


def pot_emd(value, capacity):
    """Network simplex, with one more client and opportunity for what stays empty."""
    n, m = value.shape
    cost = np.zeros((n + 1, m + 1))
    cost[:n, :m] = -np.maximum(np.nan_to_num(value), 0)
    clients = np.append(np.ones(n), float(capacity.sum()))
    seats = np.append(capacity.astype(float), float(n))
    return -(ot.emd(clients, seats, cost, numItermax=10**8) * cost).sum()


def highs_lp(value, capacity):
    """The linear programme over all admissible pairs."""
    n, m = value.shape
    client, at = np.nonzero(~np.isnan(value))
    k = len(client)
    rows = coo_array(
        (np.ones(2 * k), (np.concatenate([client, n + at]), np.tile(np.arange(k), 2))), (n + m, k)
    ).tocsc()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = k, n + m, highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = value[client, at], np.zeros(k), np.ones(k)
    lp.row_lower_ = np.full(n + m, -highspy.kHighsInf)
    lp.row_upper_ = np.concatenate([np.ones(n), capacity]).astype(float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        rows.indptr, rows.indices, rows.data,
    )  # fmt: skip
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    highs.run()
    return highs.getInfo().objective_function_value


EXACT = {"scipy": scipy_expanded, "ortools flow": ortools_flow, "pot simplex": pot_emd}
EVERY = {**EXACT, "highs lp": highs_lp}
