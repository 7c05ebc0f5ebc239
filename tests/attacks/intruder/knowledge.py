"""What follows of the true counts behind one council's thresholded tables: bounds of each, and sums that hold."""

import collections
import itertools

from history import (CHILDREN, EPISODES, FAMILIES, LOW, SHOWN, SUPPRESSED, span_of)

MOST = 10**6  # of a count of which nothing is known: no council has more children
PROPORTION, MIX, DURATION, SURVIVAL = 1, 2, 3, 4
# Of one person these do not change, so each child lies in one row.
FIXED_OF_A_CHILD = {"sex", "ethnicity"}
OPEN_STOCK = 9  # Cohort.BASE_OPEN: of one day, so not the sum of parts of a period


class System:
    """Whole numbers with bounds, and sums between them with bounds."""

    def __init__(self):
        self.low, self.high = [], []
        self.rows = []  # ({variable: factor}, low, high)
        self.suppressed = {}  # variable: (width that protects it, name)
        self.shown = {}  # variable: (threshold, name)

    def add(self, low=0, high=MOST):
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def narrow(self, variable, low, high):
        self.low[variable] = max(self.low[variable], low)
        self.high[variable] = min(self.high[variable], high)

    def relate(self, terms, low, high):
        self.rows.append((dict(terms), low, high))

    def sum_is(self, parts, whole):
        terms = collections.Counter(parts)
        terms[whole] -= 1
        self.relate(terms, 0, 0)

    def at_most(self, part, whole):
        if part != whole:
            self.relate({whole: 1, part: -1}, 0, MOST)


def bounds(status, value, threshold, base):
    """The least and the greatest true count behind a released cell, by the published rules alone."""
    if status == SHOWN:
        if value == 0:
            return 0, 0
        return max(value - base // 2, threshold + 1), value + (base - 1) // 2
    if status == LOW:
        return 1, max(base // 2, 1)
    return 0, MOST  # suppressed for whatever reason, not applicable or not there


class Knowledge:
    """The system of one council over everything thresholded that it ever released."""

    def __init__(self, tables):
        self.system = System()
        self.variables = {}
        self.tables = [table for table in tables if table.definition.kind in (PROPORTION, MIX, DURATION, SURVIVAL)]
        self.released = {}  # (group, table key, row, column): variable
        for table in self.tables:
            self.take(table)
        self.margins()
        self.windows_and_units()
        self.periods()

    # A cell's identity. Members of one cohort are one count, whichever metric's table shows them.
    def variable(self, table, row, column):
        definition = table.definition
        place = (table.period, table.data_version, table.unit, table.dimensions, row)
        if definition.kind == PROPORTION and column == "denominator":
            moves = definition.cohort.post_closure or definition.cohort.preceded_by.window
            key = ("members", definition.cohort.SerializeToString(deterministic=True),
                   table.window_days if moves else 0, place)
        else:
            key = (table.metric, table.version, column, table.window_days, place)
        if key not in self.variables:
            self.variables[key] = self.system.add()
        return self.variables[key]

    def take(self, table):
        system = self.system
        for (row, column), (status, value) in table.cells.items():
            variable = self.variable(table, row, column)
            system.narrow(variable, *bounds(status, value, table.suppressed_to, table.rounded_to))
            name = f"{table.council}: {table.name}, {row or 'all'}, {column} (round {table.round_id})"
            if status == SUPPRESSED:
                system.suppressed.setdefault(variable, (table.suppressed_to, name))
            elif status == SHOWN and value > 0:
                system.shown.setdefault(variable, (table.suppressed_to, name))
        if table.definition.kind == PROPORTION:
            for row in table.rows:
                self.parts_of_a_whole(table, row)

    def parts_of_a_whole(self, table, row):
        """Outcomes are at most their denominator; those that test one field for codes add up as their codes do."""
        system = self.system
        whole = self.variable(table, row, "denominator")
        codes = {}
        for outcome in table.definition.outcomes:
            if outcome.id not in table.columns:
                continue
            system.at_most(self.variable(table, row, outcome.id), whole)
            if outcome.WhichOneof("test") == "field" and outcome.field.any_of and not outcome.field.none_of:
                codes[outcome.id] = (outcome.field.field, frozenset(outcome.field.any_of))
        if table.unit != EPISODES:  # a child with two referrals may have two outcomes
            return
        for outcome, (field, wanted) in codes.items():
            parts = [name for name, (of, some) in codes.items() if of == field and name != outcome and some < wanted]
            for count in range(2, len(parts) + 1):
                for chosen in itertools.combinations(parts, count):
                    union = frozenset().union(*(codes[name][1] for name in chosen))
                    if union == wanted and sum(len(codes[name][1]) for name in chosen) == len(wanted):
                        system.sum_is([self.variable(table, row, name) for name in chosen],
                                      self.variable(table, row, outcome))
        for field in {of for of, _ in codes.values()}:
            apart, taken = [], set()
            for name, (of, some) in sorted(codes.items(), key=lambda item: len(item[1][1])):
                if of == field and not some & taken:
                    apart.append(name)
                    taken |= some
            terms = collections.Counter(self.variable(table, row, name) for name in apart)
            terms[whole] -= 1
            system.relate(terms, -MOST, 0)

    def groups(self):
        """Tables that differ in their breakdown alone, by dimensions; the latest where one left twice."""
        groups = collections.defaultdict(dict)
        for table in self.tables:
            key = (table.metric, table.version, table.period, table.data_version, table.window_days, table.unit)
            groups[key][table.dimensions] = table
        return groups

    def margins(self):
        for group in self.groups().values():
            for dimensions, table in group.items():
                for left_out in range(len(dimensions)):
                    rest = dimensions[:left_out] + dimensions[left_out + 1:]
                    for margin in (rest, rest[::-1]):
                        if margin in group:
                            self.margin(table, left_out, group[margin])
                            break

    def margin(self, table, left_out, margin):
        """Rows of `table` that agree in all dimensions but one add up to a row of `margin`."""
        parts = collections.defaultdict(list)
        for row in table.rows:
            names = row.split("|")
            rest = names[:left_out] + names[left_out + 1:]
            parts["|".join(rest)].append(row)
        counted_once = table.unit == EPISODES or (
            table.unit == CHILDREN and table.dimensions[left_out] in FIXED_OF_A_CHILD) or (
            table.definition.kind != PROPORTION)  # there a child counts by its first member, which has one row
        for row in margin.rows:
            for column in table.columns:
                if column not in margin.columns:
                    continue
                whole = self.variable(margin, row, column)
                cells = [self.variable(table, part, column) for part in parts.get(row, [])]
                if counted_once:
                    self.system.sum_is(cells, whole)
                    continue
                for cell in cells:
                    self.system.at_most(cell, whole)
                terms = collections.Counter(cells)
                terms[whole] -= 1
                self.system.relate(terms, 0, MOST)

    def windows_and_units(self):
        by_place = collections.defaultdict(dict)
        for table in self.tables:
            place = (table.metric, table.version, table.period, table.data_version, table.dimensions)
            by_place[place][table.window_days, table.unit] = table
        for place in by_place.values():
            for (window, unit), table in place.items():
                if table.definition.kind != PROPORTION:
                    continue
                for (longer, same), other in place.items():
                    if same == unit and longer > window:
                        self.each_row(other, table, "denominator")
                for fewer in (CHILDREN, FAMILIES):
                    if fewer > unit and (window, fewer) in place:
                        for column in table.columns:
                            self.each_row(place[window, fewer], table, column)

    def each_row(self, smaller, larger, column):
        for row in smaller.rows:
            if row in larger.rows:
                self.system.at_most(self.variable(smaller, row, column), self.variable(larger, row, column))

    def periods(self):
        """A period that others make up without gap or overlap is their sum, where each member has one day."""
        by_question = collections.defaultdict(dict)
        for table in self.tables:
            if table.unit == EPISODES and table.definition.cohort.base != OPEN_STOCK:
                key = (table.metric, table.version, table.data_version, table.window_days, table.dimensions)
                by_question[key][table.period] = table
        for periods in by_question.values():
            for whole in periods.values():
                for chosen in partitions(whole.period, [p for p in periods if p != whole.period]):
                    parts = [periods[label] for label in chosen]
                    rows = set(whole.rows).union(*(part.rows for part in parts))
                    for row, column in itertools.product(sorted(rows), whole.columns):
                        cells = [self.variable(part, row, column) for part in parts if row in part.rows]
                        if row in whole.rows:
                            self.system.sum_is(cells, self.variable(whole, row, column))


def partitions(whole, labels):
    """Every way to lay released periods end to end over `whole`."""
    span = span_of(whole)
    inside = sorted((span_of(label).first, span_of(label).last, label) for label in labels
                    if span.first <= span_of(label).first and span_of(label).last <= span.last)

    def lay(day, chosen):
        if (day - span.last).days == 1:
            yield tuple(chosen)
            return
        for first, last, label in inside:
            if first == day:
                yield from lay(last.fromordinal(last.toordinal() + 1), chosen + [label])
    return list(lay(span.first, []))
