#!/usr/bin/env python3
"""Writes discrete_laplace_thresholds.txt, from which tests/unit/crypto/laplace_thresholds_test.cc takes what to expect.

Shares no code and no algorithm with crypto/laplace_thresholds.cc: Python's decimal exp with 200 digits, one call a bit.
Run in this folder: python3 discrete_laplace_thresholds.py > discrete_laplace_thresholds.txt
"""

from decimal import Decimal, ROUND_CEILING, ROUND_FLOOR, getcontext

getcontext().prec = 200

# (numerator, denominator) of epsilon/sensitivity.
FRACTIONS = [
    (1, 10), (1, 2), (1, 1), (2, 1), (4, 1), (1, 3), (7, 22), (355, 113), (100, 1), (88, 1), (89, 1), (887, 10),
    (1, 10**9), (10**9, 10**18), (1, 250), (3, 10**5), (999999999, 10**9), (10**9, 10**9 - 1), (123456789, 987654321),
    (999999937, 999999929 * 999999893), (99, 1), (50, 1), (1, 64), (10**9, 10**7),
]

print("# numerator denominator: thresholds of bits 0, 1, … in hexadecimal; then the distance that they leave")
print("# (both geometric variables, in multiples of 2^-128, rounded up to 1/1000). By discrete_laplace_thresholds.py.")
for numerator, denominator in FRACTIONS:
    s = Decimal(numerator) / Decimal(denominator)
    thresholds, left = [], Decimal(0)
    # Where s · 2^bit passes 1000 a bit's probability is below 2^-1442; rounding up covers all of those.
    for bit in range(60):
        if s * 2**bit > 1000:
            break
        exact = Decimal(2) ** 128 / (1 + (s * 2**bit).exp())
        threshold = int(exact.to_integral_value(ROUND_FLOOR))
        left += exact - threshold
        if threshold > 0:
            assert len(thresholds) == bit
            thresholds.append(f"{threshold:032x}")
    distance = (2 * left).quantize(Decimal("0.001"), ROUND_CEILING)
    print(numerator, denominator, ",".join(thresholds) or "-", distance)
