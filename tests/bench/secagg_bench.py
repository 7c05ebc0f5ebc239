#!/usr/bin/env python3
"""A secure sum beside Flower's SecAgg+: the same members, words and drop-outs, in the same run.

    tests/bench/secagg_bench.py build/release [--members 152] [--words 10000] [--leaving 15]

Flower comes from PyPI into build/bench/secagg; where it cannot, that is said, and nothing is compared. All of its clients and its server would take a quarter of an hour of the processor,
nearly all of it sharing and joining secrets, so one client runs for real, through Flower's own four functions (`secaggplus_mod`),
with neighbours that made their keys and sealed shares for it; and of the server's work (`secaggplus_workflow`) each kind of
operation, a function of Flower's, is done once or a few times and counted as often as the workflow does it. Ours is
`secure_session_bench`: real members, the least time of which counts, and all of the coordinator's work, signatures and commitments
included, which Flower has none of.
Processor time of both, vectors modulo 2^32, one thread at a time.
"""

import argparse
import importlib
import math
import os
import pathlib
import subprocess
import sys
import time

FLOWER = "flwr==1.41.0"


def environment():
    root = pathlib.Path(__file__).resolve().parents[2] / "build" / "bench" / "secagg"
    python = root / "bin" / "python"
    if not (root / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(root)], check=True)
        done = subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--retries", "1", FLOWER],
                              capture_output=True, text=True)
        if done.returncode != 0:
            reason = done.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
            print(f"SKIP: {FLOWER} cannot be installed here: {reason[0]}")
            sys.exit(0)
        (root / "installed").touch()
    return python


def seconds(call, runs=1):
    """The least processor time of `call`, and what it gave the last time."""
    best, value = math.inf, None
    for _ in range(runs):
        begin = time.process_time()
        value = call()
        best = min(best, time.process_time() - begin)
    return best, value


class Neighbour:
    """Another client, whose keys are real and whose shares are random bytes of the right length."""

    def __init__(self, generate_key_pairs, to_bytes):
        self.keys = generate_key_pairs(), generate_key_pairs()
        self.public = tuple(to_bytes(public) for _, public in self.keys)


def flower_client(members, words, threshold, leaving):
    """{step: processor seconds} of client 0, and what the server needs of it."""
    import numpy as np
    from flwr.common import ndarrays_to_parameters
    from flwr.common.secure_aggregation.crypto.symmetric_encryption import encrypt
    from flwr.common.secure_aggregation.secaggplus_constants import Key
    from flwr.common.secure_aggregation.secaggplus_utils import share_keys_plaintext_concat
    from flwr.supercore.primitives.asymmetric import generate_key_pairs, public_key_to_bytes
    # The package names the function like its module.
    mod = importlib.import_module("flwr.client.mod.secure_aggregation.secaggplus_mod")
    state = mod.SecAggPlusState()
    setup = {Key.SAMPLE_NUMBER: members, Key.SHARE_NUMBER: members, Key.THRESHOLD: threshold, Key.CLIPPING_RANGE: 8.0,
             Key.TARGET_RANGE: 1 << 22, Key.MOD_RANGE: 1 << 32, Key.MAX_WEIGHT: 1000.0}
    cost = {}
    cost["keys"], own = seconds(lambda: mod._setup(state, setup))
    others = {nid: Neighbour(generate_key_pairs, public_key_to_bytes) for nid in range(1, members)}
    public = {"0": (own[Key.PUBLIC_KEY_1], own[Key.PUBLIC_KEY_2]), **{str(nid): other.public for nid, other in others.items()}}
    cost["shares"], sent = seconds(lambda: mod._share_keys(state, public))
    uploaded = sum(map(len, sent[Key.CIPHERTEXT_LIST])) + len(own[Key.PUBLIC_KEY_1]) + len(own[Key.PUBLIC_KEY_2])
    seed_share, key_share = state.rd_seed_share_dict[0], state.sk1_share_dict[0]
    sealed = [encrypt(state.ss2_dict[nid], share_keys_plaintext_concat(nid, 0, seed_share, key_share)) for nid in others]
    parameters = ndarrays_to_parameters([np.ones(words, dtype=np.float64)])
    given = {Key.CIPHERTEXT_LIST: sealed, Key.SOURCE_LIST: list(others)}
    cost["input"], masked = seconds(lambda: mod._collect_masked_vectors(state, dict(given), 1000, parameters))
    uploaded += sum(map(len, masked[Key.MASKED_PARAMETERS]))
    asked = {Key.ACTIVE_NODE_ID_LIST: list(range(members - leaving)),
             Key.DEAD_NODE_ID_LIST: list(range(members - leaving, members))}
    cost["unmask"], shares = seconds(lambda: mod._unmask(state, asked))
    uploaded += sum(map(len, shares[Key.SHARE_LIST]))
    return cost, uploaded, state, masked[Key.MASKED_PARAMETERS]


def flower_server(members, words, threshold, leaving, client):
    """Processor seconds of the workflow's stages, from the cost of each kind of operation in them."""
    from flwr.common import bytes_to_ndarray
    from flwr.common.secure_aggregation.crypto.shamir import combine_shares, create_shares
    from flwr.common.secure_aggregation.crypto.symmetric_encryption import generate_shared_key
    from flwr.common.secure_aggregation.ndarrays_arithmetic import parameters_addition, parameters_subtraction
    from flwr.common.secure_aggregation.secaggplus_utils import pseudo_rand_gen
    from flwr.supercore.primitives.asymmetric import bytes_to_private_key, bytes_to_public_key
    state, masked = client
    active = members - leaving
    vector = [bytes_to_ndarray(array) for array in masked]
    shapes = [array.shape for array in vector]
    add, _ = seconds(lambda: parameters_addition(vector, [bytes_to_ndarray(array) for array in masked]), 5)
    # The workflow joins all shares that came, not only as many as are needed.
    seed_shares = create_shares(state.rd_seed, threshold, members)[:active]
    join_seed, seed = seconds(lambda: combine_shares(seed_shares))
    if seed != state.rd_seed:
        raise AssertionError("Flower's seed did not come back")
    mask, _ = seconds(lambda: parameters_subtraction(vector, pseudo_rand_gen(state.rd_seed, 1 << 32, shapes)), 5)
    cost = {"adding": active * add, "seeds": active * join_seed, "self-masks": active * mask}
    if leaving > 0:
        key_shares = create_shares(state.sk1, threshold, members)[:active]
        join_key, key = seconds(lambda: combine_shares(key_shares))
        if key != state.sk1:
            raise AssertionError("Flower's key did not come back")
        peer = state.public_keys_dict[1][0]
        agree, _ = seconds(lambda: generate_shared_key(bytes_to_private_key(state.sk1), bytes_to_public_key(peer)), 5)
        cost["keys of those who left"] = leaving * join_key
        cost["their masks"] = leaving * (members - 1) * (agree + mask)
    return cost


def ours(build, members, words, leaving):
    out = subprocess.run([build / "tests" / "secure_session_bench", str(members), str(words), "32", str(leaving)],
                         capture_output=True, text=True, check=True).stdout
    return tuple(map(float, out.split()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--members", type=int, default=152)
    parser.add_argument("--words", type=int, default=10_000)
    parser.add_argument("--leaving", type=int, default=15)
    arguments = parser.parse_args()
    if "WAYMARK_SECAGG" not in os.environ:
        python = environment()
        os.execve(python, [str(python), __file__, *sys.argv[1:]], {**os.environ, "WAYMARK_SECAGG": "1"})
    members, words, leaving = arguments.members, arguments.words, arguments.leaving
    threshold = 2 * members // 3 + 1
    client, uploaded, state, masked = flower_client(members, words, threshold, leaving)
    server = flower_server(members, words, threshold, leaving, (state, masked))
    our_node, our_server, our_bytes = ours(arguments.build.resolve(), members, words, leaving)
    print(f"{members} members, {words} words modulo 2^32, {leaving} leave, {threshold} shares open a secret; {FLOWER}; "
          f"load {os.getloadavg()[0]:.1f}")
    print(f"{'':30}{'Flower':>12}{'Waymark':>12}{'times':>9}")
    theirs_node, theirs_server = sum(client.values()), sum(server.values())
    print(f"{'one client, s':30}{theirs_node:12.3f}{our_node:12.3f}{theirs_node / our_node:9.1f}")
    print(f"{'server, s':30}{theirs_server:12.3f}{our_server:12.3f}{theirs_server / our_server:9.1f}")
    print(f"{'sent by a client, bytes':30}{uploaded:12d}{our_bytes:12.0f}{uploaded / our_bytes:9.1f}")
    for what, cost in (("client", client), ("server", server)):
        print(f"Flower's {what}: " + ", ".join(f"{name} {spent:.3f}" for name, spent in cost.items()))


if __name__ == "__main__":
    main()
