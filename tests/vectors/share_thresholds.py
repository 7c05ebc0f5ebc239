#!/usr/bin/env python3
"""Writes share_thresholds.txt, from which tests/unit/crypto/share_thresholds_test.cc takes what to expect.

Shares no code with crypto/share_thresholds.cc and normalises otherwise: from the closed form of P(X = 0), by Python's decimal with
160 digits, where the code divides by the sum of all weights. Run in this folder: python3 share_thresholds.py > share_thresholds.txt
"""

import hashlib
from decimal import Decimal, ROUND_CEILING, ROUND_FLOOR, getcontext

getcontext().prec = 160

# numerator and denominator of epsilon over sensitivity, honest shares.
POLYA = [(1, 1, 1), (1, 1, 2), (1, 1, 52), (1, 1, 10000), (1, 10, 52), (3, 2, 7), (1, 225, 1), (1, 225, 10000), (1, 100, 102), (100, 1, 5),
         (20, 1, 5), (9999937, 999983, 52), (999983, 99999937, 11)]
# numerator and denominator of the variance, honest shares: the mean is the variance over twice the shares.
POISSON = [(2, 1, 1), (1, 100, 10000), (1, 100, 1), (50, 1, 52), (8281, 100, 52), (20449, 1, 52), (200, 1, 1), (10**6, 1, 1),
           (10**18, 10**18 - 1, 5), (355, 113, 1), (999999937, 999983, 3), (1, 1, 152)]
MOST_LISTED = 100


def polya(numerator, denominator, shares):
    q = (-Decimal(numerator) / denominator).exp()
    mass, k = ((1 - q).ln() / shares).exp(), 0
    while True:
        yield mass
        mass = mass * q * (k * shares + 1) / ((k + 1) * shares)
        k += 1


def poisson(numerator, denominator, shares):
    mean = Decimal(numerator) / (2 * denominator * shares)
    mass, k = (-mean).exp(), 0
    while True:
        yield mass
        k += 1
        mass = mass * mean / k


print("# law, its three parameters: how many thresholds; they themselves from the first that is not 0 on in hexadecimal, joined by")
print("# commas (none: -), or the SHA-256 of that text where they are many; the distance that they leave (in multiples of 2^-128,")
print("# rounded up to 1/1000). By share_thresholds.py.")
for law, table in ((polya, POLYA), (poisson, POISSON)):
    for parameters in table:
        within, thresholds, distance = Decimal(0), [], Decimal(0)
        for mass in law(*parameters):
            within += mass
            if 1 - within <= Decimal(2) ** -128:
                break
            thresholds.append(int((2**128 * within).to_integral_value(ROUND_FLOOR)))
            drawn = thresholds[-1] - (thresholds[-2] if len(thresholds) > 1 else 0)
            distance += abs(drawn - 2**128 * mass)
        # The last count takes the rest; beyond it nothing is drawn.
        distance += abs(2**128 - (thresholds[-1] if thresholds else 0) - 2**128 * mass) + 2**128 * (1 - within)
        distance = (distance / 2).quantize(Decimal("0.001"), ROUND_CEILING)
        listed = [f"{threshold:032x}" for threshold in thresholds if threshold > 0]
        text = ",".join(listed) or "-"
        if len(listed) > MOST_LISTED:
            text = hashlib.sha256(text.encode()).hexdigest()
        print(law.__name__, *parameters, len(listed), text, distance)
