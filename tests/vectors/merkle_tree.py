#!/usr/bin/env python3
"""Writes merkle_tree.txt, from which tests/unit/crypto/merkle_tree_test.cc takes what to expect.

Builds the tree level by level from below (a node without a sibling goes up as it is), where RFC 9162 and the code halve it from above.
Run in this folder: python3 merkle_tree.py > merkle_tree.txt
"""

import hashlib


def sha256(data):
    return hashlib.sha256(data).digest()


def levels_of(leaves):
    levels = [[sha256(b"\0" + leaf) for leaf in leaves]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([sha256(b"\1" + below[i] + below[i + 1]) if i + 1 < len(below) else below[i] for i in range(0, len(below), 2)])
    return levels


# The leaves that Certificate Transparency's implementations test with, and more.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
LEAVES += [b"leaf %d" % i for i in range(len(LEAVES), 33)]

print("# leaf: its bytes in hexadecimal; leaf 0 first.")
for leaf in LEAVES:
    print("leaf", leaf.hex() or "-")
print("# root: of how many leaves. proof: of how many leaves, index, hashes from the lowest. By merkle_tree.py.")
print("root", 0, sha256(b"").hex())
for size in range(1, len(LEAVES) + 1):
    levels = levels_of(LEAVES[:size])
    print("root", size, levels[-1][0].hex())
    for index in range(size if size <= 9 or size in (16, 17, 31, 33) else 0):
        proof, place = [], index
        for level in levels[:-1]:
            if place ^ 1 < len(level):
                proof.append(level[place ^ 1].hex())
            place //= 2
        print("proof", size, index, ",".join(proof) or "-")
