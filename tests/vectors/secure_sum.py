#!/usr/bin/env python3
"""Writes secure_sum.txt, from which tests/unit/crypto/secure_sum/known_answer_test.cc takes what to expect.

A session of three members worked out from docs/secure-sum.md with nothing but Python's hashlib and hmac: X25519 as RFC 7748's
own pseudocode, Ed25519 as RFC 8032 describes it, AES as FIPS 197, HKDF as RFC 5869.
Run in this folder: python3 secure_sum.py > secure_sum.txt
"""

import hashlib
import hmac

# --- The primitives.

P = 2**255 - 19


def x25519(scalar, u):
    k = bytearray(scalar)
    k[0] &= 248
    k[31] = k[31] & 127 | 64
    k = int.from_bytes(k, "little")
    x1 = int.from_bytes(u, "little") % 2**255
    x2, z2, x3, z3 = 1, 0, x1, 1
    for bit in range(254, -1, -1):
        swap = k >> bit & 1
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = (x2 + z2) % P, (x2 - z2) % P, (x3 + z3) % P, (x3 - z3) % P
        da, cb, aa, bb = d * a % P, c * b % P, a * a % P, b * b % P
        e = aa - bb
        x3, z3, x2, z2 = (da + cb) ** 2 % P, x1 * (da - cb) ** 2 % P, aa * bb % P, e * (aa + 121665 * e) % P
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


# Points of Edwards25519 in affine coordinates: slow, and as the RFC writes the curve.
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493


def recover_x(y):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return x if x % 2 == 0 else P - x


def add_points(a, b):
    product = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + product, P - 2, P) % P
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, P - 2, P) % P
    return x, y


def times_base(k):
    result, point = (0, 1), (recover_x(BASE_Y), BASE_Y)
    while k:
        if k & 1:
            result = add_points(result, point)
        point, k = add_points(point, point), k >> 1
    return (result[1] | (result[0] & 1) << 255).to_bytes(32, "little")


def ed25519(seed, message):
    def scalar(*parts):
        return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER

    hashed = hashlib.sha512(seed).digest()
    a = int.from_bytes(hashed[:32], "little") & (1 << 254) - 8 | 1 << 254
    public, r = times_base(a), scalar(hashed[32:], message)
    commitment = times_base(r)
    return commitment + ((r + scalar(commitment, public, message) * a) % ORDER).to_bytes(32, "little")


def double(x):
    return (x << 1 ^ 0x11B if x & 0x80 else x << 1) & 0xFF


def times(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a, b = double(a), b >> 1
    return product


def s_box_of(x):
    inverse = next((y for y in range(256) if times(x, y) == 1), 0)
    rotated = [((inverse << i | inverse >> (8 - i)) & 0xFF) for i in range(5)]
    return rotated[0] ^ rotated[1] ^ rotated[2] ^ rotated[3] ^ rotated[4] ^ 0x63


S_BOX = [s_box_of(x) for x in range(256)]


def aes128(key, block):
    words = [list(key[4 * i : 4 * i + 4]) for i in range(4)]
    constant = 1
    for i in range(4, 44):
        word = words[i - 1]
        if i % 4 == 0:
            word = [S_BOX[b] for b in word[1:] + word[:1]]
            word[0] ^= constant
            constant = double(constant)
        words.append([a ^ b for a, b in zip(words[i - 4], word)])
    keys = [sum(words[4 * r : 4 * r + 4], []) for r in range(11)]
    state = [a ^ b for a, b in zip(block, keys[0])]
    for r in range(1, 11):
        state = [S_BOX[b] for b in state]
        state = [state[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if r < 10:
            mixed = []
            for c in range(0, 16, 4):
                a = state[c : c + 4]
                mixed += [double(a[i]) ^ double(a[(i + 1) % 4]) ^ a[(i + 1) % 4] ^ a[(i + 2) % 4] ^ a[(i + 3) % 4] for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, keys[r])]
    return bytes(state)


assert aes128(bytes(range(16)), bytes.fromhex("00112233445566778899aabbccddeeff")).hex() == "69c4e0d86a7b0430d8cdb78070b4c55a"


def stream(key, size):
    blocks = (aes128(key, counter.to_bytes(16, "big")) for counter in range((size + 15) // 16))
    return b"".join(blocks)[:size]


def sha256(data):
    return hashlib.sha256(data).digest()


def hkdf(key, salt, info, size):
    extracted = hmac.new(salt, key, hashlib.sha256).digest()
    out, block, i = b"", b"", 1
    while len(out) < size:
        block = hmac.new(extracted, block + info + bytes([i]), hashlib.sha256).digest()
        out, i = out + block, i + 1
    return out[:size]


# --- The canonical encoding: numbers as eight bytes, texts after their length.


def encode(label, *fields):
    return b"".join(f.to_bytes(8, "big") if isinstance(f, int) else len(f).to_bytes(8, "big") + f for f in (label.encode(), *fields))


def merkle_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    return sha256(b"\1" + merkle_root(leaves[:half]) + merkle_root(leaves[half:]))


# --- The session.

# RFC 8032, section 7.1: TEST 1, 2 and 3.
SIGNING = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"),
]
IDS = [b"E06000001", b"E06000002", b"E10000003"]
VALUES = [[1, -2, 3, 40, 5], [600, 7, 8, -9, 10], [-11, 12, 1 << 40, 14, 0]]
T = U_MIN = 3
CELLS = 5


def out(name, value):
    print(name, value.hex() if isinstance(value, bytes) else value)


members = [field for i, (_, public) in zip(IDS, SIGNING) for field in (i, bytes.fromhex(public))]
session = sha256(
    encode("waymark/v1/secure-sum-session", sha256(b"roster"), sha256(b"spec"), sha256(b"nonce"), 3, *members, T, U_MIN, 64, CELLS, 0, 0, b"")
)
print("# A session of three members, by secure_sum.py. Of each: what it draws, in order; what it sends; its masked vector.")
out("session", session)

nodes = []
for index in range(3):
    drawn = [sha256(b"%s of %d" % (what, index)) for what in (b"mask key", b"sealing key", b"seed")]
    mask, sealing = (bytes([k[0] & 248]) + k[1:31] + bytes([k[31] & 127 | 64]) for k in drawn[:2])
    seed = drawn[2][:31] + bytes([drawn[2][31] & 127])
    base = (9).to_bytes(32, "little")
    nodes.append({"mask": mask, "seed": seed, "mask_public": x25519(mask, base), "sealing_public": x25519(sealing, base)})
    out("signing_seed", bytes.fromhex(SIGNING[index][0]))
    out("drawn", b"".join(drawn))
    out("keys", encode("waymark/v1/secure-sum-keys", session, index, nodes[index]["mask_public"], nodes[index]["sealing_public"]))

# RFC 8032, section 7.1, TEST 1: the empty message.
assert ed25519(bytes.fromhex(SIGNING[0][0]), b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555f")


def ledger_head(index):
    """Of a ledger with two entries, made as the test's journal makes them."""
    begun = sha256(b"begun " + session)
    last = sha256(b"charged after " + begun)
    signature = ed25519(bytes.fromhex(SIGNING[index][0]), encode("waymark/v1/ledger-head", IDS[index], 0, 2, last))
    return (0).to_bytes(8, "big") + (2).to_bytes(8, "big") + last + signature


inputs = []
for index, node in enumerate(nodes):
    words = [value % 2**64 for value in VALUES[index]]

    def add(sign, key):
        masks = stream(key, 8 * CELLS)
        for cell in range(CELLS):
            words[cell] = (words[cell] + sign * int.from_bytes(masks[8 * cell : 8 * cell + 8], "little")) % 2**64

    add(1, hkdf(node["seed"], session, encode("waymark/v1/secure-sum-self-mask", index), 16))
    for other, peer in enumerate(nodes):
        if other != index:
            agreed = x25519(node["mask"], peer["mask_public"])
            info = encode("waymark/v1/secure-sum-pair-mask", min(index, other), max(index, other))
            add(1 if index < other else -1, hkdf(agreed, session, info, 16))
    masked = b"".join(word.to_bytes(8, "little") for word in words)
    out("masked", masked)
    leaf = sha256(b"\0" + encode("waymark/v1/secure-sum-block", session, index, 0, masked))
    commitment = hmac.new(node["seed"], encode("waymark/v1/secure-sum-seed", session, index), hashlib.sha256).digest()
    peers = sha256(encode("waymark/v1/secure-sum-peers", session, 3, 0, 1, 2))
    inputs.append(merkle_root([leaf]))
    out("input", encode("waymark/v1/secure-sum-input", session, index, inputs[-1], commitment, peers, ledger_head(index)))

contributors = sha256(encode("waymark/v1/secure-sum-contributors", session, 3, 0, 1, 2))
root = merkle_root([sha256(b"\0" + encode("waymark/v1/secure-sum-leaf", session, index, each)) for index, each in enumerate(inputs)])
for index in range(3):
    out("consistency", encode("waymark/v1/secure-sum-consistency", session, index, contributors, root))
    out("seed", nodes[index]["seed"])

# The order around the ring of nine members by the beacon SHA-256("beacon"): Fisher and Yates from the last place down.
drawn = 0


def below(bound):
    global drawn
    while True:
        number = int.from_bytes(sha256(encode("waymark/v1/secure-sum-graph", sha256(b"beacon"), drawn))[:8], "big")
        drawn += 1
        if number >= 2**64 % bound:
            return number % bound


ring = list(range(9))
for i in range(8, 0, -1):
    j = below(i + 1)
    ring[i], ring[j] = ring[j], ring[i]
out("ring", ",".join(map(str, ring)))
