#!/usr/bin/env python3
"""Writes secret_sharing.txt, from which tests/unit/crypto/secret_sharing_test.cc takes what to expect: polynomials in Python's integers.

Run in this folder: python3 secret_sharing.py > secret_sharing.txt
"""

import hashlib

P = 2**255 - 19


def drawn(label):
    return hashlib.sha256(label.encode()).digest()


def case(name, secret, points, threshold, draws):
    coefficients = [secret] + [int.from_bytes(draw, "little") % 2**255 % P for draw in draws]
    assert len(coefficients) == threshold
    shares = [sum(c * pow(x, k, P) for k, c in enumerate(coefficients)) % P for x in points]
    print(name, threshold, secret.to_bytes(32, "little").hex(), b"".join(draws).hex() or "-", ",".join(map(str, points)),
          ",".join(share.to_bytes(32, "little").hex() for share in shares))


def number(label):
    return int.from_bytes(drawn(label), "little") % P


print("# name threshold secret draws points: shares. Draws are the coefficients of x, x^2, … as 32 random bytes each (the top bit")
print("# left out, modulo 2^255 - 19); numbers little-endian in hexadecimal, points decimal. By secret_sharing.py.")
case("one", number("one"), [1], 1, [])
case("constant", P - 1, [1, 2, 2**31 - 1], 1, [])
case("zero", 0, [1, 2, 3], 2, [bytes(32)])
case("line", 5, [1, 2, 3], 2, [(7).to_bytes(32, "little")])
case("near_p", P - 1, [1, 2, 3, 2**31 - 1], 3, [(P - 1).to_bytes(32, "little"), (P - 19).to_bytes(32, "little")])
case("draws_above_p", 1, [1, 2, 3], 3, [b"\xff" * 32, P.to_bytes(32, "little")])
case("top_bit", 2, [9, 4, 7], 3, [(2**255 + 3).to_bytes(32, "little"), (2**256 - 19).to_bytes(32, "little")])
case("far_points", number("far"), [2**31 - 1, 2**31 - 2, 1, 2**16], 4, [drawn(f"far{i}") for i in range(3)])
case("some", number("some"), list(range(1, 16)), 11, [drawn(f"some{i}") for i in range(10)])
case("a_federation", number("federation"), list(range(1, 153)), 102, [drawn(f"federation{i}") for i in range(101)])
