"""The attacks on thresholded tables, and those that need no arithmetic. Each returns its findings; none means it failed."""

import collections
import dataclasses

from history import NOISED, SHOWN, THRESHOLDED, span_of
from intervals import Infeasible, best_intervals
from knowledge import PROPORTION, Knowledge, bounds


@dataclasses.dataclass(frozen=True)
class Finding:
    attack: str
    where: str  # which cell of whom
    learned: str


@dataclasses.dataclass
class Outcome:
    """What one attack tried and what came of it."""
    attack: str
    tried: int
    findings: list
    note: str = ""


def by_council(tables):
    councils = collections.defaultdict(list)
    for table in tables:
        councils[table.council].append(table)
    return councils


def linked_tables(tables):
    """Suppressed counts worked out from margins, crossed tables, windows, periods and other metrics."""
    outcome = Outcome("suppressed counts from linked tables", 0, [])
    exact = 0
    for council, own in sorted(by_council(t for t in tables if t.mode == THRESHOLDED).items()):
        system = Knowledge(own).system
        wanted = {variable: width for variable, (width, _) in system.suppressed.items()}
        outcome.tried += len(wanted)
        try:
            intervals = best_intervals(system, wanted)
        except Infeasible:
            outcome.findings.append(Finding(outcome.attack, council, "no counts agree with what was released and its rules"))
            continue
        for variable, (low, high) in sorted(intervals.items()):
            width, name = system.suppressed[variable]
            if high - low >= width:
                continue
            exact += low == high
            what = f"it is {low}" if low == high else f"it is {low} to {high}"
            outcome.findings.append(Finding(outcome.attack, name, f"{what}; {width} apart would be protected"))
    outcome.note = f"{exact} exactly"
    return outcome


def small_counts(tables):
    """Shown cells from which a small count follows: of a group, of those with an outcome, or of those without."""
    outcome = Outcome("small counts behind shown cells", 0, [])
    for table in tables:
        if table.mode != THRESHOLDED or table.definition.kind != PROPORTION:
            continue
        most = table.suppressed_to
        for row in table.rows:
            status, value = table.cells[row, "denominator"]
            whole = bounds(status, value, 0, table.rounded_to)
            for column in table.columns:
                status, value = table.cells[row, column]
                if status != SHOWN:
                    continue
                outcome.tried += 1
                part = bounds(status, value, 0, table.rounded_to)
                where = f"{table.council}: {table.name}, {row or 'all'}, {column} (round {table.round_id})"
                rest = (max(whole[0] - part[1], 0), whole[1] - part[0])
                if 0 < part[0] and part[1] <= most:
                    outcome.findings.append(Finding(outcome.attack, where, f"{part[0]} to {part[1]} had it"))
                elif column != "denominator" and 0 < rest[0] and rest[1] <= most:
                    outcome.findings.append(Finding(outcome.attack, where, f"all but {rest[0]} to {rest[1]} had it"))
                elif column != "denominator" and 0 < whole[0] and whole[1] <= most:
                    outcome.findings.append(Finding(outcome.attack, where, f"known of a group of at most {whole[1]}"))
    return outcome


def two_answers(tables):
    """The same question about the same data, answered differently: averaging, or a draw that was thrown away."""
    outcome = Outcome("two answers to one question", 0, [])
    seen = {}
    for table in tables:
        question = (table.key, table.data_version, table.question)
        outcome.tried += 1
        first = seen.setdefault(question, table)
        if first.cells != table.cells:
            outcome.findings.append(Finding(outcome.attack, f"{table.council}: {table.name}",
                                            f"rounds {first.round_id} and {table.round_id} differ"))
    return outcome


def two_modes(tables):
    """Exact figures beside noised ones of the same or linked cells, which void the noise."""
    outcome = Outcome("one figure in two modes", 0, [])
    for council, own in sorted(by_council(tables).items()):
        groups = collections.defaultdict(list)
        for table in own:
            groups[table.definition.linkage_group or table.metric].append(table)
        for group in groups.values():
            for exact in (t for t in group if t.mode == THRESHOLDED):
                for noised in (t for t in group if t.mode == NOISED):
                    outcome.tried += 1
                    if span_of(exact.period).overlaps(span_of(noised.period)):
                        outcome.findings.append(Finding(outcome.attack, f"{council}: {exact.name}",
                                                        f"noised as {noised.name} in round {noised.round_id}"))
    return outcome


def revisions(tables):
    """Two versions of the data: what was added or taken away in between, where that is few."""
    outcome = Outcome("differences between revisions", 0, [])
    versions = collections.defaultdict(dict)
    for table in tables:
        if table.mode == THRESHOLDED:
            versions[table.key][table.data_version] = table
    for known in versions.values():
        ordered = [known[version] for version in sorted(known)]
        for before, after in zip(ordered, ordered[1:]):
            for cell in before.cells.keys() & after.cells.keys():
                outcome.tried += 1
                old = bounds(*before.cells[cell], before.suppressed_to, before.rounded_to)
                new = bounds(*after.cells[cell], after.suppressed_to, after.rounded_to)
                least, most = new[0] - old[1], new[1] - old[0]
                few = before.suppressed_to
                if (0 < least and most <= few) or (most < 0 and -least <= few):
                    outcome.findings.append(Finding(outcome.attack, f"{before.council}: {before.name}, {cell[0] or 'all'}, {cell[1]}",
                                                    f"{least} to {most} records changed between versions"))
    return outcome


def overlapping_periods(tables):
    """Two periods of which one lies in the other: what lies between, where that is few."""
    outcome = Outcome("differences between overlapping periods", 0, [])
    questions = collections.defaultdict(dict)
    for table in tables:
        if table.mode == THRESHOLDED:
            key = (table.council, table.metric, table.version, table.window_days, table.unit, table.dimensions)
            questions[key][table.period] = table
    for known in questions.values():
        spans = {label: span_of(label) for label in known}
        for outer, longer in known.items():
            for inner, shorter in known.items():
                if outer == inner or not (spans[outer].first <= spans[inner].first and
                                          spans[inner].last <= spans[outer].last):
                    continue
                for cell in longer.cells.keys() & shorter.cells.keys():
                    outcome.tried += 1
                    whole = bounds(*longer.cells[cell], longer.suppressed_to, longer.rounded_to)
                    part = bounds(*shorter.cells[cell], shorter.suppressed_to, shorter.rounded_to)
                    least, most = whole[0] - part[1], whole[1] - part[0]
                    if 0 < least and most <= longer.suppressed_to:
                        outcome.findings.append(Finding(
                            outcome.attack, f"{longer.council}: {longer.name}, {cell[0] or 'all'}, {cell[1]}",
                            f"{least} to {most} lie in {outer} and outside {inner}"))
    return outcome


def contributor_sets(tables, least_contributors):
    """One cell summed over two sets of councils: the difference is a figure over those in only one of them."""
    outcome = Outcome("differences between sets of contributors", 0, [], note=(
        "council's own rows are released in these modes; what counts is a set that a difference makes smaller than is allowed"))
    rounds = collections.defaultdict(lambda: collections.defaultdict(dict))
    for table in tables:
        if not table.dimensions:
            rounds[table.key[1:], table.data_version][table.round_id][table.council] = table
    for (question, _), known in rounds.items():
        sets = [frozenset(councils) for councils in known.values()]
        for i, one in enumerate(sets):
            for other in sets[i + 1:]:
                outcome.tried += 1
                difference = one ^ other
                if not 0 < len(difference) < least_contributors:
                    continue
                # Only where a council never let its own row be shown does the sum's difference tell something new.
                hidden = [c for c in difference
                          if not any(c in councils and any(s == SHOWN for s, _ in councils[c].cells.values())
                                     for councils in known.values())]
                for council in hidden:
                    outcome.findings.append(Finding(outcome.attack, f"{council}: metric {question[0]}, {question[2]}",
                                                    f"the sums of {len(one)} and {len(other)} councils differ by its row"))
    return outcome
