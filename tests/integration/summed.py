"""Secure rounds of nine councils, for the integration tests: their policies, rounds, and the plain sums to compare with."""

import json
import unittest

import made_up
from harness import run

POLICY = """[release]
approval = "automatic"

[floors]
yearly_epsilon = "20"
least_contributors = 3

[[allow]]
metric = "1"
version = 1
mode = "secure-sum"

[[allow]]
metric = "10"
version = 1
mode = "secure-sum"
"""

ROUND = """id = "{id}"
title = "Summed securely"
open_minutes = {minutes}
least_contributors = {least}
data_version = 1

[[item]]
metric = "1"
period = "2022-23"
mode = "secure-sum"
epsilon = "1"
{extra}
windows = [365]
units = ["episodes"]

[[item]]
metric = "10"
period = "2022-23"
mode = "secure-sum"
rho = "1/20"
units = ["episodes"]
"""

# How councils' own rates spread, and what is expected of each for its deprivation. No council may have the deprivation of
# another here: all nine must contribute.
EXTRA = """distribution_epsilon = "1"
deprivation_rho = "2"
"""
COUNCILS = 9  # t = 7, of whom 2 may be corrupt, so that 5 honest shares of noise are certain


class SummedRounds(unittest.TestCase):
    """What tests of secure rounds share: nine councils and their officers."""

    def start(self, federation, silent=(), policy=POLICY, proxy=None):
        """`proxy`: the port of an HTTP proxy through which every council reaches the world."""
        configs, secret, catalogue = made_up.prepare(federation, COUNCILS, people=150)
        federation.make_officers(3, threshold=2)
        federation.start_coordinator(catalogue=catalogue)
        for code, config in configs.items():
            (config.parent / "policy.toml").write_text(policy)
            if proxy:
                config.write_text(config.read_text().replace("[node]\n", f'[node]\nhttps_proxy = "127.0.0.1:{proxy}"\n'))
            federation.enrol(code, config)
        file = federation.directory / "roster.json"
        deprivation = federation.directory / "deprivation.csv"
        deprivation.write_text("council,share\n" + "".join(f"{code},0.{i + 1}\n" for i, code in enumerate(configs)))
        federation.roster("propose", "--out", file, "--one-part", "--deprivation", deprivation)
        for key in federation.officer_keys[:2]:
            run("waymark-coordinator", "roster", "sign", "--key", key, file)
        federation.roster("publish", file)
        for code, config in configs.items():
            if code not in silent:
                federation.start_node(code, config)
        return configs, secret

    def exact(self, configs, metric, codes, period="2022-23"):
        """The plain sum of numerators and denominators over councils, from each node's own measure."""
        sums = {}
        for code in codes:
            out, _ = run("waymark-node", "measure", "--config", configs[code], "--metric", metric, "--period", period,
                         "--json")
            for figure in json.loads(out):
                if figure["counted"] != "episodes" or figure["breakdown"] or (figure.get("window_days") or 365) != 365:
                    continue
                if figure.get("numerator") is None:
                    continue
                at = sums.setdefault(figure["quantity"], [0, 0])
                at[0] += figure["numerator"]
                at[1] += figure["denominator"]
        return sums

    def benchmark(self, federation, metric, period=""):
        out = federation.waymark("benchmark", "--metric", metric, *(("--period", period) if period else ()), "--json")
        return [figure for figure in json.loads(out)["figures"] if figure["geography_code"] == "participants"]

    def absences(self, federation, round_id):
        return {council["code"]: council.get("absence", "") for council in federation.round(round_id)["councils"]}

    def entries(self, config):
        return json.loads(run("waymark-node", "ledger", "show", "--entries", "--config", config, "--json")[0])["entries"]
