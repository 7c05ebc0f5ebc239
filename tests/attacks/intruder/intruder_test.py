"""Each attack against made-up histories: it succeeds where its leak is planted, and not where there is none."""

import itertools
import os
import pathlib
import random
import unittest

import attacks
import history
import noise
import play
import report
from history import CHILDREN, EPISODES, NOISED, SHOWN, SUPPRESSED, THRESHOLDED

WIDTH = 7


def proportion(identifier="m", outcomes=("yes",), **fields):
    """A definition; `outcomes`: names, or names with the codes that they test for."""
    metric = history.messages()[0].Metric(id=identifier, version=1, kind=1, linkage_group=fields.pop("linkage_group", ""))
    for outcome in outcomes:
        name, codes = outcome if isinstance(outcome, tuple) else (outcome, ())
        made = metric.outcomes.add(id=name)
        if codes:
            made.field.field = "source"
            made.field.any_of.extend(codes)
    return metric


def mix():
    metric = history.messages()[0].Metric(id="classes", version=1, kind=2)
    metric.outcomes.add(id="a")
    return metric


def table(definition, columns, rows, dimensions=(), **changed):
    """`rows`: {name: counts}; None: suppressed."""
    cells = {}
    for row, counts in rows.items():
        for column, count in zip(columns, counts):
            cells[row, column] = (SUPPRESSED, 0) if count is None else (SHOWN, count)
    fields = dict(council="E06000001", round_id="q1", data_version=1, question=b"q", definition=definition, mode=THRESHOLDED,
                  suppressed_to=WIDTH, rounded_to=1, epsilon=0.0, rho=0.0, sensitivity=0, metric=definition.id, version=1,
                  period="2024-25", window_days=0, unit=EPISODES, dimensions=tuple(dimensions), rows=tuple(rows),
                  columns=tuple(columns), cells=cells)
    return history.Table(**{**fields, **changed})


def cross(counts):
    """A crossed table of a MIX of one class with both margins and its total, counts of 1 to WIDTH suppressed."""
    hide = lambda n: None if 1 <= n <= WIDTH else n
    r, c = len(counts), len(counts[0])
    definition = mix()
    return [
        table(definition, ["a"], {f"r{i}|c{j}": [hide(counts[i][j])] for i in range(r) for j in range(c)}, ("x", "y")),
        table(definition, ["a"], {f"r{i}": [hide(sum(counts[i]))] for i in range(r)}, ("x",)),
        table(definition, ["a"], {f"c{j}": [hide(sum(row[j] for row in counts))] for j in range(c)}, ("y",)),
        table(definition, ["a"], {"": [hide(sum(map(sum, counts)))]}),
    ]


def learned(outcome):
    return [finding.learned for finding in outcome.findings]


class LinkedTables(unittest.TestCase):
    def test_a_margin_gives_away_its_only_suppressed_cell(self):
        tables = [table(proportion(), ["yes", "denominator"], {"": [100, 200]}),
                  table(proportion(), ["yes", "denominator"], {"f": [97, 100], "m": [None, 100]}, ("sex",))]
        self.assertEqual(learned(attacks.linked_tables(tables)), ["it is 3; 7 apart would be protected"])

    def test_a_second_suppressed_cell_that_is_free_enough_protects_it(self):
        tables = [table(proportion(), ["yes", "denominator"], {"": [100, 200]}),
                  table(proportion(), ["yes", "denominator"], {"f": [None, 100], "m": [None, 100]}, ("sex",))]
        self.assertEqual(learned(attacks.linked_tables(tables)), [])

    def test_rounding_leaves_an_interval(self):
        tables = [table(proportion(), ["yes", "denominator"], {"": [100, 200]}, rounded_to=5),
                  table(proportion(), ["yes", "denominator"], {"f": [95, 100], "m": [None, 100]}, ("sex",), rounded_to=5)]
        self.assertEqual(learned(attacks.linked_tables(tables)), [])  # 1 to 9: 8 apart
        narrower = [table(proportion(), ["yes", "denominator"], {"": [100, 200]}, rounded_to=3),
                    table(proportion(), ["yes", "denominator"], {"f": [96, 100], "m": [None, 100]}, ("sex",), rounded_to=3)]
        self.assertEqual(learned(attacks.linked_tables(narrower)), ["it is 2 to 6; 7 apart would be protected"])

    def test_outcomes_that_add_up_give_a_third_away(self):
        definition = proportion(outcomes=(("1A", ["1A"]), ("1B", ["1B"]), ("any", ["1A", "1B"])))
        tables = [table(definition, ["1A", "1B", "any", "denominator"], {"": [None, 20, 24, 200]})]
        self.assertEqual(learned(attacks.linked_tables(tables)), ["it is 4; 7 apart would be protected"])

    def test_quarters_and_their_year_are_one_sum(self):
        years = [table(mix(), ["a"], {"": [count]}, period=period) for period, count in (
            ("2024-25", 100), ("2024-25-Q1", 30), ("2024-25-Q2", 35), ("2024-25-Q3", None), ("2024-25-Q4", 30))]
        self.assertEqual(learned(attacks.linked_tables(years)), ["it is 5; 7 apart would be protected"])

    def test_two_metrics_of_one_cohort_share_its_count(self):
        one, other = proportion("m"), proportion("n")
        tables = [table(one, ["yes", "denominator"], {"": [50, None]}), table(other, ["yes", "denominator"], {"": [50, 60]})]
        self.assertEqual(learned(attacks.linked_tables(tables)), ["it is 60; 7 apart would be protected"])

    def test_children_in_two_rows_do_not_add_up(self):
        rows = {"north": [None, 100], "south": [60, 120]}
        tables = [table(proportion(), ["yes", "denominator"], {"": [65, 200]}, unit=CHILDREN),
                  table(proportion(), ["yes", "denominator"], rows, ("area",), unit=CHILDREN)]
        self.assertEqual(learned(attacks.linked_tables(tables)), [])

    def test_primary_suppression_alone_falls_on_most_random_tables(self):
        chance = random.Random(20)
        suppressed, exact = 0, 0
        for _ in range(20):
            counts = [[chance.choice((0, 2, 5, 9, 14, 30, 55)) for _ in range(5)] for _ in range(6)]
            outcome = attacks.linked_tables(cross(counts))
            suppressed += outcome.tried
            exact += sum(text.startswith("it is") and " to " not in text for text in learned(outcome))
        self.assertGreater(exact, suppressed / 2)

    def test_the_truth_lies_in_every_interval_that_is_claimed(self):
        chance = random.Random(21)
        for _ in range(20):
            counts = [[chance.choice((0, 2, 5, 9, 14)) for _ in range(3)] for _ in range(3)]
            for finding in attacks.linked_tables(cross(counts)).findings:
                words = finding.learned.split(";")[0].removeprefix("it is ").split(" to ")
                place = finding.where.split(", a (")[0].rsplit(", ", 1)[1]
                truth = sum(counts[i][j] for i, j in itertools.product(range(3), range(3))
                            if place == "all" or place in (f"r{i}|c{j}", f"r{i}", f"c{j}"))
                self.assertTrue(int(words[0]) <= truth <= int(words[-1]), (finding, counts))


class Rows(unittest.TestCase):
    def test_small_counts_complements_and_groups_are_found(self):
        def found(yes, denominator):
            return len(attacks.small_counts([table(proportion(), ["yes", "denominator"], {"": [yes, denominator]})]).findings)
        self.assertEqual([found(50, 100), found(0, 100), found(95, 100), found(100, 100), found(None, None)], [0, 0, 1, 0, 0])
        # What the rules do not let through is found where it comes through.
        self.assertEqual([found(3, 100), found(0, 4), found(4, 4)], [1, 2, 2])

    def test_cells_that_break_the_rules_are_found(self):
        tables = [table(mix(), ["a"], {"": [4]})]
        self.assertEqual(learned(attacks.linked_tables(tables)), ["no counts agree with what was released and its rules"])


class Time(unittest.TestCase):
    def test_a_revision_that_changes_few_records_is_found(self):
        before, after, much = (table(mix(), ["a"], {"": [count]}, data_version=version)
                               for count, version in ((40, 1), (42, 2), (60, 2)))
        self.assertEqual(learned(attacks.revisions([before, after])), ["2 to 2 records changed between versions"])
        self.assertEqual(learned(attacks.revisions([before, much])), [])

    def test_a_longer_period_that_adds_few_is_found(self):
        shorter = table(mix(), ["a"], {"": [40]}, period="2024-04-01..2024-12-31")
        longer = table(mix(), ["a"], {"": [43]})
        self.assertEqual(len(attacks.overlapping_periods([shorter, longer]).findings), 1)
        self.assertEqual(len(attacks.overlapping_periods([shorter, table(mix(), ["a"], {"": [80]})]).findings), 0)

    def test_a_council_that_only_sums_show_is_found_by_their_difference(self):
        def row(council, round_id, count):
            return table(mix(), ["a"], {"": [count]}, council=council, round_id=round_id)
        shown = [row(f"E0600000{i}", round_id, 40) for i in range(1, 5) for round_id in ("q1", "q2")]
        self.assertEqual(attacks.contributor_sets(shown, 3).findings, [])
        self.assertEqual(len(attacks.contributor_sets(shown + [row("E06000009", "q2", None)], 3).findings), 1)

    def test_two_modes_and_two_answers_are_found(self):
        exact = table(proportion(linkage_group="g"), ["yes", "denominator"], {"": [50, 100]})
        noised = table(proportion("n", linkage_group="g"), ["yes", "denominator"], {"": [48, 104]}, mode=NOISED, epsilon=1.0)
        other = table(proportion("n", linkage_group="g"), ["yes", "denominator"], {"": [51, 99]}, mode=NOISED, epsilon=1.0,
                      round_id="q2")
        self.assertEqual(len(attacks.two_modes([exact, noised]).findings), 1)
        self.assertEqual(attacks.two_modes([exact]).findings, [])
        self.assertEqual(len(attacks.two_answers([noised, other]).findings), 1)
        self.assertEqual(attacks.two_answers([noised, noised]).findings, [])

    def test_periods_are_read_as_the_council_reads_them(self):
        days = {label: tuple(map(str, (history.span_of(label).first, history.span_of(label).last)))
                for label in ("2024-25", "2023-24-Q4", "2024-25-Q3", "2024", "2024-01-01..2024-02-29")}
        self.assertEqual(days, {"2024-25": ("2024-04-01", "2025-03-31"), "2023-24-Q4": ("2024-01-01", "2024-03-31"),
                                "2024-25-Q3": ("2024-10-01", "2024-12-31"), "2024": ("2024-01-01", "2024-12-31"),
                                "2024-01-01..2024-02-29": ("2024-01-01", "2024-02-29")})


class Noise(unittest.TestCase):
    def noised(self, count, version):
        return table(mix(), ["a"], {"": [count]}, mode=NOISED, epsilon=1.5, data_version=version, question=b"n")

    def test_averaging_and_an_overspent_year_are_found(self):
        twice = [self.noised(40, 1), self.noised(43, 2)]
        self.assertEqual(noise.averaging(twice, 4).findings, [])
        self.assertEqual(noise.budget(twice, 4).findings, [])
        thrice = twice + [self.noised(39, 3)]
        self.assertEqual(learned(noise.averaging(thrice, 4)), ["3 draws, epsilon 4.5 together"])
        self.assertEqual(learned(noise.budget(thrice, 4)), ["epsilon 4.5 of 4"])
        self.assertEqual(noise.budget(twice + [self.noised(43, 2)], 4).findings, [])  # the same bytes again

    def test_rho_adds_up_before_it_is_converted(self):
        for rho, epsilon in ((0.01, 0.6217), (0.1, 2.1419), (1, 7.7662)):
            self.assertAlmostEqual(noise.epsilon_of(rho), epsilon, places=4)
        answers = [table(mix(), ["a"], {"": [n]}, mode=NOISED, rho=0.1, data_version=n, question=b"r") for n in range(40, 43)]
        # 0.2 is epsilon 3.15, 0.3 epsilon 3.97; one by one three would be 6.43.
        self.assertEqual(noise.budget(answers, 4).findings, [])
        pure = table(mix(), ["a"], {"": [7]}, mode=NOISED, epsilon=0.5, question=b"p")
        self.assertEqual(noise.budget(answers[:2] + [pure], 4).findings, [])
        self.assertEqual(len(noise.budget(answers + [pure], 4).findings), 1)
        self.assertEqual(len(noise.averaging(answers, 3.5).findings), 1)

    def test_person_days_that_are_no_whole_lengths_of_the_period_are_found(self):
        moves = history.messages()[0].Metric(id="31", version=1, kind=noise.TRANSITION)
        rows = lambda days: {"": [12, days]}
        whole = table(moves, ["none>early_help", "days:none"], rows(365 * 40), mode=NOISED, epsilon=0.5, sensitivity=5)
        finer = table(moves, ["none>early_help", "days:none"], rows(365 * 40 + 1), mode=NOISED, epsilon=0.5, sensitivity=5)
        self.assertEqual(noise.person_days([whole]).findings, [])
        self.assertEqual(len(noise.person_days([whole, finer]).findings), 1)
        self.assertEqual(dict(noise.settings_of([whole])), {("epsilon", 1, 2, 5): {"31"}})

    def test_membership_stays_below_its_bound_and_a_sampler_with_too_little_noise_does_not(self):
        sampler = pathlib.Path(os.environ["WAYMARK_DRAW_NOISE"])
        # A false alarm in 10^6 runs of all.
        outcome = noise.membership(sampler, play.MEMBERSHIP)
        self.assertEqual(outcome.findings, [], outcome.note)
        weak = pathlib.Path(self.id() + ".sh")
        weak.write_text(f'#!/bin/sh\nexec "{sampler}" "$1" "$(($2 * 3))" "$3" "$4" "$5"\n')
        try:
            weak.chmod(0o755)
            for kind in ("epsilon", "rho"):
                self.assertEqual(len(noise.membership(weak.resolve(), {(kind, 1, 2, 1): ("31",)}).findings), 1, kind)
        finally:
            weak.unlink()


class Report(unittest.TestCase):
    def test_it_says_what_succeeded_and_where(self):
        leaky = [table(proportion(), ["yes", "denominator"], {"": [100, 200]}),
                 table(proportion(), ["yes", "denominator"], {"f": [97, 100], "m": [None, 100]}, ("sex",))]
        text = report.as_text(leaky, play.play(leaky))
        self.assertIn("attacks succeeded", text)
        self.assertIn("it is 3", text)
        self.assertIn("No attack succeeded", report.as_text(leaky[:1], play.play(leaky[:1])))


if __name__ == "__main__":
    unittest.main()
