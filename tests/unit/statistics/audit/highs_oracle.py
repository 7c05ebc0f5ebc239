"""What HiGHS (scipy) finds in systems of cells. For each cell of each system on standard input, two lines "low high": the
bounds of the linear program, rounded inwards, and those of the whole-number program.

Input: the number of systems; for each, "cells relations", then "low high" a cell, then "low high terms cell factor cell factor …" a relation.
"""

import math
import sys

import numpy
from scipy.optimize import LinearConstraint, Bounds, milp

MOST = 10**15


def read(words):
    cells, relations = int(next(words)), int(next(words))
    bounds = [(int(next(words)), int(next(words))) for _ in range(cells)]
    rows = []
    for _ in range(relations):
        low, high, terms = int(next(words)), int(next(words)), int(next(words))
        row = numpy.zeros(cells)
        for _ in range(terms):
            cell = int(next(words))
            row[cell] = int(next(words))
        rows.append((low, high, row))
    return bounds, rows


def best(bounds, rows, cell, sign, whole):
    cost = numpy.zeros(len(bounds))
    cost[cell] = sign
    constraints = LinearConstraint(
        numpy.array([row for _, _, row in rows]),
        [-numpy.inf if low <= -MOST else low for low, _, _ in rows],
        [numpy.inf if high >= MOST else high for _, high, _ in rows])
    limits = Bounds([low for low, _ in bounds], [numpy.inf if high >= MOST else high for _, high in bounds])
    found = milp(cost, constraints=constraints, bounds=limits, integrality=numpy.full(len(bounds), int(whole)))
    if found.status == 3:  # unbounded
        return MOST
    if found.status != 0:
        sys.exit(f"HiGHS: {found.message}")
    return found.x[cell]


def main():
    words = iter(sys.stdin.read().split())
    for _ in range(int(next(words))):
        bounds, rows = read(words)
        for cell in range(len(bounds)):
            for whole in (False, True):
                print(math.ceil(best(bounds, rows, cell, 1, whole) - 1e-6),
                      math.floor(best(bounds, rows, cell, -1, whole) + 1e-6))


main()
