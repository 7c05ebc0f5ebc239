#!/usr/bin/env python3
"""Writes prime_field.txt, from which tests/unit/crypto/prime_field_test.cc takes what to expect: Python's own integers.

Run in this folder: python3 prime_field.py > prime_field.txt
"""

import hashlib

P = 2**255 - 19


def number(label):
    return int.from_bytes(hashlib.sha256(label.encode()).digest(), "little") % P


def text(value):
    return value.to_bytes(32, "little").hex()


# What carries far: all ones in some or all digits of 51 bits, the borders of words of 64 bits, the ends of the field.
EDGES = [0, 1, 2, 18, 19, 20, P - 1, P - 2, P - 18, P - 19, P - 20, (P - 1) // 2, (P + 1) // 2, 2**51 - 1, 2**51, 2**64 - 1, 2**64,
         2**102 - 1, 2**153 - 1, 2**204 - 1, 2**204, 2**254, 2**254 - 1, 2**255 - 2**51, 2**255 - 2**204, 2**255 - 2**204 + 2**51 - 1]
NUMBERS = [(a, EDGES[(i + shift) % len(EDGES)]) for shift in (0, 1, 5, 11) for i, a in enumerate(EDGES)]
NUMBERS += [(number(f"a{i}"), number(f"b{i}")) for i in range(100)]
SMALL = [0, 1, 2, 19, 102, 2**31 - 1, 2**32 - 1]

print("# a b s: a+b a*b a*s -a 1/a (of 0: 0), modulo 2^255 - 19; little-endian in hexadecimal, but s. By prime_field.py.")
for i, (a, b) in enumerate(NUMBERS):
    s = SMALL[i % len(SMALL)]
    print(text(a), text(b), s, text((a + b) % P), text(a * b % P), text(a * s % P), text(-a % P), text(pow(a, P - 2, P)))
