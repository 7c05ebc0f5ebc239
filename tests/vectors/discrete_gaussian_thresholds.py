#!/usr/bin/env python3
"""Writes discrete_gaussian_thresholds.txt, from which tests/unit/crypto/gaussian_thresholds_test.cc takes what to expect.

Shares no code and no algorithm with crypto/gaussian_thresholds.cc: Python's decimal exp with 120 digits, one call a weight.
Run in this folder: python3 discrete_gaussian_thresholds.py > discrete_gaussian_thresholds.txt
"""

import hashlib
from decimal import Decimal, ROUND_CEILING, ROUND_FLOOR, getcontext

getcontext().prec = 120

# (numerator, denominator) of the variance.
VARIANCES = [(1, 100), (1, 4), (1, 2), (1, 1), (2, 1), (50, 1), (147, 2), (200, 1), (355, 113), (10**18, 10**18 - 1),
             (999999937, 999983), (2500, 1), (10**4, 1), (10**6, 1)]
MOST_LISTED = 200

print("# numerator denominator: how many thresholds; they themselves for 0, 1, … in hexadecimal, joined by commas, or the")
print("# SHA-256 of that text where they are many; the distance that they leave (in multiples of 2^-128, rounded up to")
print("# 1/1000). By discrete_gaussian_thresholds.py.")
for numerator, denominator in VARIANCES:
    variance = Decimal(numerator) / Decimal(denominator)
    weights, k = [Decimal(1)], 1
    while True:  # until what is left is far below 2^-128
        weight = (-Decimal(k * k) / (2 * variance)).exp()
        if weight < Decimal(10) ** -60:
            break
        weights.append(2 * weight)
        k += 1
    total = sum(weights)
    within, thresholds, exact = Decimal(0), [], []
    for weight in weights:
        within += weight
        scaled = 2**128 * (within / total)
        if 2**128 - scaled <= 1:
            break
        exact.append(scaled)
        thresholds.append(int(scaled.to_integral_value(ROUND_FLOOR)))
    # The distance between the two laws of |X|: half the sum of the differences.
    drawn = [b - a for a, b in zip([0] + thresholds, thresholds + [2**128])]
    meant = [2**128 * (weight / total) for weight in weights]
    distance = sum((abs(Decimal(d) - m) for d, m in zip(drawn, meant)), Decimal(0))
    distance += sum(meant[len(drawn):], Decimal(0))
    distance = (distance / 2).quantize(Decimal("0.001"), ROUND_CEILING)
    text = ",".join(f"{threshold:032x}" for threshold in thresholds)
    if len(thresholds) > MOST_LISTED:
        text = hashlib.sha256(text.encode()).hexdigest()
    print(numerator, denominator, len(thresholds), text, distance)
