#!/usr/bin/env python3
"""Writes roster.txt, from which tests/unit/proto/roster_test.cc takes what to expect.

Shares no code with proto/contract or crypto: the canonical encoding as docs/protocol.md says it, and Ed25519 as RFC 8032,
section 5.1 does it, in Python's integers. Run in this folder: python3 roster.py > roster.txt
"""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover_x(y):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return x if x % 2 == 0 else P - x  # the base point's is even


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y), BASE_Y)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P)


def times(scalar, point):
    total = (0, 1)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point = add(point, point)
        scalar >>= 1
    return total


def compress(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def number(data):
    return int.from_bytes(hashlib.sha512(data).digest(), "little")


def sign(seed, message):
    digest = hashlib.sha512(seed).digest()
    secret = int.from_bytes(digest[:32], "little") & ~(7 | 1 << 255) | 1 << 254
    public = compress(times(secret, BASE))
    nonce = number(digest[32:] + message) % L
    commitment = compress(times(nonce, BASE))
    proof = (nonce + number(commitment + public + message) * secret) % L
    return public, commitment + proof.to_bytes(32, "little")


def unsigned(value):
    return value.to_bytes(8, "big")


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return unsigned(len(data)) + data


PARTS = {"E12000001": {"E06000001": b"\x11" * 32, "E06000002": b"\x22" * 32}, "E12000007": {"E09000001": b"\x33" * 32}}

encoded = text("waymark/v1/roster") + text("north") + unsigned(2) + unsigned(1_800_000_000) + text(b"\x55" * 32)
encoded += unsigned(len(PARTS))
for code, members in PARTS.items():
    encoded += text(code) + unsigned(len(members))
    for council, key in members.items():
        encoded += text(council) + text(key)

print("# Federation north, epoch 2, expires 1800000000, previous hash 55…55: E12000001 with E06000001 (key 11…11) and")
print("# E06000002 (22…22), E12000007 with E09000001 (33…33). Signed by the officer whose seed is 01…01. By roster.py.")
print("bytes", encoded.hex())
print("hash", hashlib.sha256(encoded).hexdigest())
officer, signature = sign(b"\x01" * 32, encoded)
print("officer", officer.hex())
print("signature", signature.hex())
