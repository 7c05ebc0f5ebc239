"""The narrowest interval of each count that a system of bounds and sums allows, by linear programming (SciPy's HiGHS)."""

import collections
import math

import numpy
import scipy.optimize
import scipy.sparse

TOLERANCE = 1e-6


class Infeasible(Exception):
    """No counts satisfy what was published: the tables, or this model of them, contradict themselves."""


def tighten(system, passes=20):
    """Bounds from each sum in turn; cheap, and never narrower than the truth."""
    low, high = system.low, system.high
    if any(least > most for least, most in zip(low, high)):
        raise Infeasible()
    for _ in range(passes):
        changed = False
        for terms, least, most in system.rows:
            lows = sum(f * (low[v] if f > 0 else high[v]) for v, f in terms.items())
            highs = sum(f * (high[v] if f > 0 else low[v]) for v, f in terms.items())
            for v, f in terms.items():
                rest_low = lows - f * (low[v] if f > 0 else high[v])
                rest_high = highs - f * (high[v] if f > 0 else low[v])
                if f > 0:
                    new_low, new_high = math.ceil((least - rest_high) / f), math.floor((most - rest_low) / f)
                elif f < 0:
                    new_low, new_high = math.ceil((most - rest_low) / f), math.floor((least - rest_high) / f)
                else:
                    continue
                if new_low > low[v] or new_high < high[v]:
                    changed = True
                    before_low, before_high = low[v], high[v]
                    low[v], high[v] = max(low[v], new_low), min(high[v], new_high)
                    if low[v] > high[v]:
                        raise Infeasible()
                    lows += f * (low[v] - before_low) if f > 0 else f * (high[v] - before_high)
                    highs += f * (high[v] - before_high) if f > 0 else f * (low[v] - before_low)
        if not changed:
            return


def components(system):
    """Groups of variables that sums tie together, fixed ones left out; with the sums of each."""
    parent = list(range(len(system.low)))

    def find(v):
        while parent[v] != v:
            parent[v] = parent[parent[v]]
            v = parent[v]
        return v
    for terms, _, _ in system.rows:
        free = [v for v in terms if system.low[v] < system.high[v]]
        for v in free[1:]:
            parent[find(v)] = find(free[0])
    members, rows = collections.defaultdict(list), collections.defaultdict(list)
    for v in range(len(system.low)):
        members[find(v)].append(v)
    for row in system.rows:
        free = [v for v in row[0] if system.low[v] < system.high[v]]
        if free:
            rows[find(free[0])].append(row)
    return [(variables, rows[root]) for root, variables in members.items()]


class Solver:
    """One component as a linear program."""

    def __init__(self, system, variables, rows):
        self.variables = variables
        self.column = {v: i for i, v in enumerate(variables)}
        self.bounds = numpy.array([(system.low[v], system.high[v]) for v in variables], dtype=float)
        data, places, limits = [], [], []
        for terms, least, most in rows:
            fixed = sum(f * system.low[v] for v, f in terms.items() if v not in self.column)
            limits.append((least - fixed, most - fixed))
            for v, f in terms.items():
                if v in self.column:
                    data.append(f)
                    places.append((len(limits) - 1, self.column[v]))
        self.matrix = scipy.sparse.csr_matrix((data, tuple(zip(*places)) if places else ([], [])),
                                              shape=(len(limits), len(variables)))
        self.limits = numpy.array(limits, dtype=float).reshape(len(limits), 2)
        equal = self.limits[:, 0] == self.limits[:, 1]
        self.equal = (self.matrix[equal], self.limits[equal, 0])
        other = self.matrix[~equal]
        self.less = (scipy.sparse.vstack([other, -other]),
                     numpy.concatenate([self.limits[~equal, 1], -self.limits[~equal, 0]]))

    def least(self, cost):
        """A table that satisfies everything, with the least sum of cost × count."""
        for method, options in (("highs", {}), ("highs-ds", {"presolve": False}), ("highs-ipm", {})):
            done = scipy.optimize.linprog(cost, A_ub=self.less[0] if self.less[0].shape[0] else None,
                                          b_ub=self.less[1] if self.less[0].shape[0] else None,
                                          A_eq=self.equal[0] if self.equal[0].shape[0] else None,
                                          b_eq=self.equal[1] if self.equal[0].shape[0] else None,
                                          bounds=self.bounds, method=method, options=options)
            if done.status == 0:
                return done.x
            if done.status == 2:
                raise Infeasible()
        raise RuntimeError(f"the solver did not finish: {done.message}")


def best_intervals(system, wanted, seed=1, directions=8):
    """{variable: (least, greatest)} for `wanted` ({variable: width that is enough}), whole numbers.

    Random directions first: a table that satisfies everything shows for many cells at once that they can lie far apart. Where
    two such tables are as far apart as is enough, their values are given; else the ends are sought one by one.
    """
    tighten(system)
    random = numpy.random.default_rng(seed)
    found = {}
    for variables, rows in components(system):
        targets = [v for v in variables if v in wanted]
        if not targets:
            continue
        if not rows:
            found.update({v: (system.low[v], system.high[v]) for v in targets})
            continue
        solver = Solver(system, variables, rows)
        points = [solver.least(sign * cost) for cost in random.standard_normal((directions, len(variables)))
                  for sign in (1, -1)]
        lows, highs = numpy.min(points, axis=0), numpy.max(points, axis=0)
        for v in targets:
            at = solver.column[v]
            if highs[at] - lows[at] < wanted[v] + 1:
                cost = numpy.zeros(len(variables))
                cost[at] = 1
                lows[at], highs[at] = solver.least(cost)[at], solver.least(-cost)[at]
            found[v] = (math.ceil(lows[at] - TOLERANCE), math.floor(highs[at] + TOLERANCE))
    return found
