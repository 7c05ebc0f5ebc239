"""Figures of the benchmark as each side writes them, and their comparison."""

import csv
import json

TOLERANCE = 1e-9


def key(row):
    return (row["metric"], row["period"], int(row["window_days"]) if row["window_days"] else None, row["counted"],
            row["dimension"], row["category"], row["quantity"])


def number(text):
    return float(text) if text not in ("", None) else None


def of_csv(path):
    """What duckdb_measures.py and brute_force_measures.py write."""
    with open(path, newline="", encoding="utf-8") as file:
        return {key(row): tuple(number(row[name]) for name in ("numerator", "denominator", "value"))
                for row in csv.DictReader(file)}


def of_node(path):
    """What `waymark-node measure --json` prints; tables that a metric lacks are left out."""
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    figures = {}
    for row in rows:
        if not row["quantity"]:
            continue
        (dimension, category), = row["breakdown"].items() or (("", ""),)
        named = dict(row, dimension=dimension, category=category)
        figures[key(named)] = (row["numerator"], row["denominator"], row["value"])
    return figures


def same_value(a, b):
    if a is None or b is None:
        return a is b
    return abs(a - b) <= TOLERANCE * max(1, abs(a), abs(b))


def differences(left, right):
    """(key, left, right) where two sides differ. A side may leave out groups in which there is nobody."""
    found = []
    for where in sorted(left.keys() | right.keys(), key=str):
        a, b = left.get(where), right.get(where)
        if a is None or b is None:
            there = a or b
            if there[0] or there[1] or there[2] is not None:
                found.append((where, a, b))
        elif a[0] != b[0] or a[1] != b[1] or not same_value(a[2], b[2]):
            found.append((where, a, b))
    return found
