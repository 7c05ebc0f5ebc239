#!/usr/bin/env python3
"""Writes zcdp.txt, from which tests/unit/node/disclose/zcdp_test.cc takes what to expect.

Shares no code and no formula with node/disclose/zcdp.cc: delta as a function of epsilon, minimised over alpha by golden
section in 60-digit decimals, and epsilon found by bisection of delta. Run in this folder: python3 zcdp.py > zcdp.txt
"""

from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
GOLDEN = (Decimal(5).sqrt() - 1) / 2


def log_delta(alpha, rho, epsilon):
    return (alpha - 1) * (alpha * rho - epsilon) + alpha * (1 - 1 / alpha).ln() - (alpha - 1).ln()


def least_log_delta(rho, epsilon):
    # In the logarithm of alpha - 1, since the best alpha lies anywhere between 1.01 and 10^5.
    low, high = Decimal(-8), Decimal(20)
    f = lambda x: log_delta(1 + x.exp(), rho, epsilon)
    a, b = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    fa, fb = f(a), f(b)
    for _ in range(110):
        if fa < fb:
            high, b, fb = b, a, fa
            a = high - GOLDEN * (high - low)
            fa = f(a)
        else:
            low, a, fa = a, b, fb
            b = low + GOLDEN * (high - low)
            fb = f(b)
    return min(fa, fb)


print("# rho delta epsilon: the least epsilon such that rho-zCDP is (epsilon, delta)-DP by the formula of Canonne, Kamath and")
print("# Steinke (2020), to 15 places, rounded down. By zcdp.py.")
for rho in ("1/1000000", "1/1000", "1/100", "1/20", "1/10", "1/3", "1", "5/2", "10"):
    for delta in ("1/1000000", "1/1000000000", "1/1000"):
        exact_rho, exact_delta = Fraction(rho), Fraction(delta)
        r = Decimal(exact_rho.numerator) / exact_rho.denominator
        target = (Decimal(exact_delta.numerator) / exact_delta.denominator).ln()
        low, high = Decimal(0), Decimal(200)
        for _ in range(70):
            middle = (low + high) / 2
            if least_log_delta(r, middle) <= target:
                high = middle
            else:
                low = middle
        print(rho, delta, low.quantize(Decimal("0.000000000000001"), rounding="ROUND_FLOOR"))
