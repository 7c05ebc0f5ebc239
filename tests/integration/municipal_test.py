"""Five nodes on the five municipalities' real cases: exact figures against the reference, and the benchmark against what
the nodes released."""

import datetime
import json
import subprocess
import sys
import unittest

import municipal_reference
from harness import BIN, ROOT, Federation, run
import municipal

PERIODS = {"2011-12": (datetime.date(2011, 4, 1), datetime.date(2012, 3, 31)),
           "2013-14": (datetime.date(2013, 4, 1), datetime.date(2014, 3, 31)),
           "2013-14-Q2": (datetime.date(2013, 7, 1), datetime.date(2013, 9, 30))}


def prepare(federation):
    import shutil
    catalogue = federation.directory / "catalogue"
    shutil.copytree(BIN.parent / "share" / "waymark" / "catalogue", catalogue)
    areas, configs = [], []
    for i, code in enumerate(municipal.CODES):
        areas.append(f'areas {{ code: "{code}" name: "Municipality {i + 1}" region_code: "E12999901" '
                     f'region_name: "Municipalities" old_code: {101 + i} }}')
        folder = federation.directory / code
        folder.mkdir()
        text = (municipal.MAPPINGS / "node.toml.in").read_text()
        for name, value in (("CODE", code), ("NAME", f"Municipality {i + 1}"), ("CATALOGUE", catalogue),
                            ("DATA", municipal.data_file(i))):
            text = text.replace(f"@{name}@", str(value))
        (folder / "node.toml").write_text(text)
        shutil.copy(municipal.MAPPINGS / "policy.toml", folder / "policy.toml")
        configs.append(folder / "node.toml")
    (catalogue / "areas.textproto").write_text("\n".join(areas))
    return catalogue, configs


def measure(config, metric, period, *more):
    output, _ = run("waymark-node", "measure", "--config", config, "--metric", metric, "--period", period, "--json",
                    *more)
    return [row for row in json.loads(output) if row["counted"] == "episodes"]


def only(rows, **wanted):
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(found) == 1, (wanted, found)
    return found[0]


class Measures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.federation = Federation()
        cls.catalogue, cls.configs = prepare(cls.federation)
        cls.reference = [municipal_reference.Municipality(municipal.data_file(i), municipal.EXTRACT) for i in range(5)]

    @classmethod
    def tearDownClass(cls):
        cls.federation.__exit__(None, None, None)

    def each(self):
        for config, reference in zip(self.configs, self.reference):
            for label, (first, last) in PERIODS.items():
                with self.subTest(council=config.parent.name, period=label):
                    yield config, reference, label, first, last

    def test_durations_equal_the_reference(self):
        for config, reference, label, first, last in self.each():
            rows = measure(config, "10", label)
            self.assertEqual(only(rows, quantity="median")["denominator"], len(reference.durations(first, last)))
            for quantity, share in (("lower_quartile", 0.25), ("median", 0.5), ("upper_quartile", 0.75)):
                self.assertEqual(only(rows, quantity=quantity)["value"], reference.quantile(first, last, share))

    def test_reopening_equals_the_reference(self):
        for config, reference, label, first, last in self.each():
            rows = measure(config, "1", label)
            for window in (183, 365):
                again, closures = reference.reopened(first, last, window)
                row = only(rows, window_days=window, quantity="any")
                self.assertEqual((row["numerator"], row["denominator"]), (again, closures))
                self.assertAlmostEqual(row["value"], 100 * again / closures, places=9)

    def test_transitions_equal_the_reference(self):
        for config, reference, label, first, last in self.each():
            rows = measure(config, "31", label)
            moves, days = reference.transitions(first, last)
            states = ("none", "early_help", "social_care")
            for origin in states:
                for target in states:
                    if origin == target:
                        continue
                    row = only(rows, quantity=f"{origin}>{target}")
                    self.assertEqual((row["numerator"], row["denominator"]),
                                     (moves.get(f"{origin}>{target}", 0), days.get(origin, 0)))

    def test_counts_of_cases_are_those_of_the_file(self):
        for config, reference in zip(self.configs, self.reference):
            report = json.loads(run("waymark-node", "check-data", "--config", config, "--json")[0])
            with_a_stage = sum(1 for case in reference.cases if reference.early_help[case] or reference.social_care[case])
            self.assertEqual(report["totals"]["persons"], with_a_stage)


class Benchmark(unittest.TestCase):
    def test_the_benchmark_is_the_combination_of_what_was_released(self):
        with Federation() as federation:
            catalogue, configs = prepare(federation)
            federation.start_coordinator(catalogue=catalogue)
            for code, config in zip(municipal.CODES, configs):
                federation.enrol(code, config)
                federation.start_node(code, config)
            federation.open_round('id = "cases"\n' + (municipal.MAPPINGS / "round.toml").read_text())
            federation.wait_published("cases")
            for metric in ("10", "1"):
                figures = json.loads(federation.waymark("benchmark", "--metric", metric, "--json", "--geography",
                                                        ",".join(["participants", *municipal.CODES])))["figures"]
                released = [self.released(federation, config, metric) for config in configs]
                self.check_sums(metric, figures, released)

    @staticmethod
    def released(federation, config, metric):
        """The cells that one node let out, decoded by protoc from the bytes in its ledger."""
        raw = federation.directory / "release.bin"
        run("waymark-node", "ledger", "show", "--config", config, "--round", "cases", "--out", raw)
        text = subprocess.run(["protoc", f"--proto_path={ROOT}/proto", "--decode=waymark.v1.Release",
                               "waymark/v1/release.proto"], input=raw.read_bytes(), capture_output=True, check=True,
                              ).stdout.decode()
        for block in text.split("tables {")[1:]:
            if f'metric: "{metric}"' in block:
                columns = [line.split('"')[1] for line in block.splitlines() if line.strip().startswith("columns:")]
                values = [int(line.split(":")[1]) for line in block.splitlines() if line.strip().startswith("values:")]
                status = [line.split(":")[1].strip() for line in block.splitlines() if line.strip().startswith("status:")]
                return {column: (value, state) for column, value, state in zip(columns, values, status)}
        raise AssertionError(f"no table of metric {metric} in the release")

    def check_sums(self, metric, figures, released):
        total = {column: sum(table[column][0] for table in released) for column in released[0]}
        everyone = {f["quantity"]: f for f in figures if f["geography_code"] == "participants"}
        if metric == "10":
            self.assertEqual(everyone["median"]["denominator"], sum(total.values()))
        else:
            self.assertEqual(everyone["any"]["numerator"], total["any"])
            self.assertEqual(everyone["any"]["denominator"], total["denominator"])
        # The cases have no referral source, so what asks for one has no contributors, and says so.
        for quantity, figure in everyone.items():
            by_source = quantity in ("1A", "1C", "self")
            self.assertEqual(figure["contributors"], 0 if by_source else 5, quantity)
            self.assertEqual(figure["status"] == "shown", not by_source, (quantity, figure["status"]))


if __name__ == "__main__":
    if not municipal.available():
        print(f"SKIP: {municipal.DATA} is not there: the municipal cases are not tested")
        sys.exit(0)
    unittest.main()
