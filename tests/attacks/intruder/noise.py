"""The attacks on noised tables: averaging, the budget that was spent, and who is in the data."""

import collections
import fractions
import math
import subprocess

import numpy

from attacks import Finding, Outcome
from history import NOISED, SHOWN, span_of


def financial_years(label):
    span = span_of(label)
    first = span.first.year - (span.first.month < 4)
    return range(first, span.last.year - (span.last.month < 4) + 1)


def draws(tables):
    """{council and question: {one draw of noise each: a table}}: the same bytes again are the same draw."""
    questions = collections.defaultdict(dict)
    for table in tables:
        if table.mode == NOISED:
            questions[table.key].setdefault(tuple(sorted(table.cells.items())), table)
    return questions


DELTA = 1e-6  # the councils' yearly δ


def epsilon_of(rho):
    """The least ε at DELTA that ρ-zCDP gives: Canonne, Kamath, Steinke (2020), proposition 12, over a fine grid of α."""
    if rho == 0:
        return 0.0
    alpha = 1 + numpy.geomspace(1e-3, 1e6, 200_000)
    return float(numpy.min(alpha * rho + (alpha * numpy.log1p(-1 / alpha) - math.log(DELTA) - numpy.log(alpha - 1)) / (alpha - 1)))


class Spent:
    """What several releases cost together: ε adds up, ρ adds up, and the sum of ρ is converted once."""

    def __init__(self):
        self.epsilon = self.rho = 0.0

    def add(self, table):
        self.epsilon += table.epsilon
        self.rho += table.rho

    def together(self):
        return self.epsilon + epsilon_of(self.rho)


def averaging(tables, most_epsilon):
    """The same figure noised again and again: its mean has less noise than the budget allows."""
    outcome = Outcome("averaging of repeated answers", 0, [])
    for answers in draws(tables).values():
        outcome.tried += 1
        spent = Spent()
        for table in answers.values():
            spent.add(table)
        if len(answers) > 1 and spent.together() > most_epsilon:
            table = next(iter(answers.values()))
            outcome.findings.append(Finding(outcome.attack, f"{table.council}: {table.name}",
                                            f"{len(answers)} draws, epsilon {spent.together():g} together"))
    return outcome


def budget(tables, most_epsilon):
    """All that was noised of one council and year together: beyond the cap membership is no longer hidden as promised."""
    outcome = Outcome("budget of a council's year", 0, [])
    spent = collections.defaultdict(Spent)
    charged = set()
    for answers in draws(tables).values():
        for table in answers.values():
            # One epsilon or rho for all tables of a metric in a round: those of one item share it.
            item = (table.council, table.question, table.data_version)
            if item in charged:
                continue
            charged.add(item)
            for year in financial_years(table.period):
                spent[table.council, year].add(table)
    outcome.tried = len(spent)
    worst = 0.0
    for (council, year), charges in sorted(spent.items(), key=lambda one: one[0]):
        epsilon = charges.together()
        worst = max(worst, epsilon)
        if epsilon > most_epsilon + 1e-9:
            outcome.findings.append(Finding(outcome.attack, f"{council}, {year}-{(year + 1) % 100:02}",
                                            f"epsilon {epsilon:g} of {most_epsilon:g}"))
    outcome.note = (f"most spent: epsilon {worst:g}; whoever guesses whether a family is in a year's data is right with at most "
                    f"{bound(worst):.1%} advantage")
    return outcome


TRANSITION = 5  # v1.METRIC_KIND_TRANSITION


def person_days(tables):
    """Moves by person-days: days are noised as whole lengths of the period. A count that is none was not, and tells days of someone."""
    outcome = Outcome("person-days finer than their noise", 0, [])
    for table in tables:
        if table.mode != NOISED or table.definition.kind != TRANSITION:
            continue
        outcome.tried += 1
        span = span_of(table.period)
        days = (span.last - span.first).days + 1
        for (row, column), (status, value) in sorted(table.cells.items()):
            if column.startswith("days:") and status == SHOWN and value % days:
                outcome.findings.append(Finding(outcome.attack, f"{table.council}: {table.name}, {row or 'all'}",
                                                f"{column} of {value} is no multiple of {days}"))
    return outcome


MOST_CELLS = 16  # of one family in a trial: more take too long, and say nothing new


def settings_of(tables):
    """What was really noised, for `membership`: ("epsilon" or "rho", numerator, denominator, cells of one family): its metrics."""
    settings = collections.defaultdict(set)
    for table in tables:
        if table.mode == NOISED and 0 < table.sensitivity <= MOST_CELLS:
            kind, amount = ("rho", table.rho) if table.rho else ("epsilon", table.epsilon)
            share = fractions.Fraction(amount).limit_denominator(10**6)
            settings[kind, share.numerator, share.denominator, table.sensitivity].add(table.metric)
    return settings


def bound(epsilon):
    """Most that true positives less false positives can be under epsilon: (e^ε − 1)/(e^ε + 1)."""
    return math.tanh(epsilon / 2)


def bound_of_rho(rho):
    """The same under ρ-zCDP: the Kullback-Leibler divergence is at most ρ, and by Pinsker √(ρ/2) bounds the advantage."""
    return min(1.0, math.sqrt(rho / 2))


def membership(sampler, settings, count=200_000):
    """Guesses from noised cells whether one family was counted, with the very sampler that nodes use.

    `settings`: ("epsilon" or "rho", numerator, denominator, cells): the metrics that were noised so, or none. Each trial draws the noise of the cells that the family
    touches, once with it and once without; the guess is the likelihood ratio's. The measured advantage is beside the bound, and
    above it by more than chance (5 standard deviations) is a finding.
    """
    outcome = Outcome("membership from noised cells", 0, [])
    notes = []
    for (kind, numerator, denominator, cells), metrics in settings.items():
        amount = numerator / denominator
        most = bound(amount) if kind == "epsilon" else bound_of_rho(amount)
        drawn = subprocess.run([str(sampler), kind, str(numerator), str(denominator), str(cells), str(2 * count * cells)],
                               check=True, capture_output=True).stdout
        noise = numpy.frombuffer(drawn, dtype="<i8").reshape(2, count, cells)
        without, present = noise[0], noise[1] + 1  # the family adds one to each cell that it touches
        # log P(x | present) − log P(x | absent) is a positive multiple of |x| − |x − 1|, with rho of x² − (x − 1)², summed over the cells.
        power = 1 if kind == "epsilon" else 2
        ratio = [(numpy.abs(x) ** power - numpy.abs(x - 1) ** power).sum(axis=1) for x in (without, present)]
        outcome.tried += count
        advantage = numpy.mean(ratio[1] > 0) - numpy.mean(ratio[0] > 0)
        chance = 5 * math.sqrt(0.5 / count)
        where = f"{kind} {amount:g} over {cells} cells" + (f" (metric {', '.join(sorted(metrics))})" if metrics else "")
        notes.append(f"{where}: advantage {advantage:.4f}, bound {most:.4f}")
        if advantage > most + chance:
            outcome.findings.append(Finding(outcome.attack, where, f"advantage {advantage:.4f} above the bound {most:.4f}"))
    outcome.note = "; ".join(notes)
    return outcome
