#!/usr/bin/python3
"""Plays the motivated intruder against everything that a coordinator received.

play.py --store FILE [--report FILE] [--json FILE] [--sampler PROGRAM] [--epsilon N] [--contributors N]
"""

import argparse
import json
import pathlib
import sys

import attacks
import history
import noise
import report

# Epsilon or rho as a fraction, and the cells that one family touches.
MEMBERSHIP = dict.fromkeys([("epsilon", 1, 2, 1), ("epsilon", 1, 1, 1), ("epsilon", 1, 1, 3), ("epsilon", 2, 1, 6),
                            ("rho", 1, 100, 1), ("rho", 1, 10, 1), ("rho", 1, 10, 3), ("rho", 1, 2, 6)], ())


def play(tables, most_epsilon=4.0, least_contributors=3, sampler=None):
    outcomes = [attacks.linked_tables(tables), attacks.small_counts(tables), attacks.overlapping_periods(tables),
                attacks.revisions(tables), attacks.contributor_sets(tables, least_contributors),
                attacks.two_modes(tables), attacks.two_answers(tables),
                noise.averaging(tables, most_epsilon), noise.budget(tables, most_epsilon), noise.person_days(tables)]
    if sampler:
        outcomes.append(noise.membership(sampler, {**MEMBERSHIP, **noise.settings_of(tables)}))
    return outcomes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", required=True, type=pathlib.Path, help="the coordinator's database")
    parser.add_argument("--report", type=pathlib.Path, help="where to write the report; standard output if not given")
    parser.add_argument("--json", type=pathlib.Path, help="where to write the findings as JSON as well")
    parser.add_argument("--sampler", type=pathlib.Path, help="waymark-draw-noise: attack the noise itself too")
    parser.add_argument("--epsilon", type=float, default=4.0, help="the councils' yearly cap")
    parser.add_argument("--contributors", type=int, default=3, help="the least contributors of a figure")
    options = parser.parse_args()
    if not options.store.exists():
        parser.error(f"{options.store}: there is no such store")
    tables = history.read_store(options.store)
    outcomes = play(tables, options.epsilon, options.contributors, options.sampler)
    text = report.as_text(tables, outcomes)
    if options.report:
        options.report.write_text(text)
    else:
        print(text, end="")
    if options.json:
        options.json.write_text(json.dumps(report.as_json(tables, outcomes), indent=1) + "\n")
    return 1 if any(outcome.findings for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
