#!/usr/bin/env python3
"""The benchmark's figures by the plainest means: person by person, day by day, from docs/metrics.md alone.

For files of some ten thousand rows. Shares nothing with the node nor with duckdb_measures.py (whose output it writes), so
that where those two disagree, this says which is right.

brute_force_measures.py EPISODES.CSV OUT.CSV PERIOD…
"""

import collections
import csv
import datetime
import fractions
import sys

EXTRACT = datetime.date(2025, 3, 31)
NEVER = datetime.date(2999, 1, 1)
DAY = datetime.timedelta(days=1)
DIMENSIONS = ("sex", "age_band", "ethnicity", "area", "need", "service")
SEXES = {"F": "female", "M": "male"}
ETHNICITIES = {"W": "white", "M": "mixed", "B": "black", "O": "other"}  # by first letter, but for those below
ASIAN = ("AIND", "APKN", "ABAN", "AOTH")
SOURCES = {"self": ["1A", "1C"], "1C": ["1C"], "1A": ["1A"], "other_individual": ["1B", "1D"], "schools": ["2A"],
           "education": ["2B"], "health": ["3A", "3B", "3C", "3D", "3E", "3F"], "housing": ["4"],
           "local_authority": ["5A", "5B", "5C", "5D"], "police": ["6"], "other_legal": ["7"], "other": ["8"],
           "anonymous": ["9"], "not_known": ["10", ""]}
REASONS = ("outcomes_met", "step_up", "declined", "disengaged", "nfa", "moved", "aged_out", "died")


def day(text):
    return datetime.date.fromisoformat(text) if text else None


def plus(date, days):
    return date + datetime.timedelta(days=days)


class Spell:
    def __init__(self, start, end, reason, fields):
        self.start, self.end, self.reason, self.fields = start, end, reason, fields

    def open_on(self, date):
        return self.start <= date < self.end or self.start == date == self.end

    def days_open(self, first, last):
        """Days within [first, last] on which it is open."""
        date = max(first, self.start)
        while date <= last and (date < self.end or date == self.start):
            yield date
            date += DAY


def merge(pieces):
    """`pieces` in order; those that differ by at most one day become one."""
    merged = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last is None or (last.end != NEVER and piece.start > last.end + DAY):
            merged.append(Spell(piece.start, piece.end, piece.reason, piece.fields))
        elif piece.end >= last.end:
            last.end, last.reason = piece.end, piece.reason
    return merged


class Person:
    def __init__(self, rows):
        self.id = rows[0]["person"]
        self.birth = min((day(r["birth"]) for r in rows if r["birth"]), default=None)
        self.sex = SEXES.get(rows[0]["sex"], "not known")
        code = rows[0]["ethnicity"]
        self.ethnicity = ("asian" if code in ASIAN else
                          "not known" if code in ("", "NOBT") else ETHNICITIES[code[0]])
        levels = collections.defaultdict(list)
        self.referrals = []
        for row in rows:
            start = day(row["start"])
            if start > EXTRACT:
                continue
            if row["kind"] == "referral":
                self.referrals.append((start, row))
                continue
            end = day(row["end"]) or NEVER
            if end < start:
                continue
            reason = {"RC5": "moved", "RC2": "died"}.get(row["end_reason"], row["end_reason"])
            if end > EXTRACT:
                end, reason = NEVER, ""
            levels[row["level"]].append((start, row["id"], Spell(start, end, reason, row)))
        self.levels = {level: merge([s for _, _, s in sorted(levels[level], key=lambda x: x[:2])])
                       for level in ("EH", "CIN", "CP", "CLA")}
        self.help = self.levels["EH"]
        self.care = self.spells()
        everything = self.help + self.care
        self.death = min((s.end for s in everything if s.reason == "died"), default=NEVER)
        self.moves = sorted(s.end for s in everything if s.reason == "moved")
        self.adult = NEVER
        if self.birth:
            leap = (self.birth.month, self.birth.day) == (2, 29)
            year = self.birth.year + 18
            self.adult = datetime.date(year, 3, 1) if leap else self.birth.replace(year=year)

    def spells(self):
        """Social care: of levels that open together the lowest gives the fields, of those that end together the reason."""
        ordered = sorted((s.start, height, s) for height, level in enumerate(("CIN", "CP", "CLA"))
                         for s in self.levels[level])
        merged, height_of_last = [], None
        for _, height, piece in ordered:
            last = merged[-1] if merged else None
            if last is None or (last.end != NEVER and piece.start > last.end + DAY):
                merged.append(Spell(piece.start, piece.end, piece.reason, piece.fields))
                height_of_last = height
            elif piece.end > last.end or (piece.end == last.end and height < height_of_last):
                last.end, last.reason, height_of_last = piece.end, piece.reason, height
        return merged

    def age_band(self, date):
        if self.birth is None:
            return "not known"
        if date < self.birth:
            return "unborn"
        age = date.year - self.birth.year - ((date.month, date.day) < (self.birth.month, self.birth.day))
        for last, band in ((4, "0-4"), (9, "5-9"), (15, "10-15"), (17, "16-17")):
            if age <= last:
                return band
        return "18+"

    def categories(self, date, row):
        own = {"sex": self.sex, "age_band": self.age_band(date), "ethnicity": self.ethnicity}
        own.update({name: row[name] or "not known" for name in ("area", "need", "service")})
        return own

    def followed(self, end, window):
        last = plus(end, window)
        return self.death > last and not any(end <= m <= last for m in self.moves) and not end < self.adult <= last


class Tables:
    def __init__(self):
        self.rows = []
        self.cells = collections.defaultdict(lambda: collections.defaultdict(lambda: [False, False]))

    def add(self, metric, period, window, categories, dimensions, quantity, unit_ids, happened):
        """One member of a proportion: for the episode and for the child."""
        for counted, unit in unit_ids.items():
            for dimension in ("",) + tuple(dimensions):
                key = (metric, period, window, counted, dimension, categories[dimension] if dimension else "", quantity)
                cell = self.cells[key][unit]
                cell[0] |= happened
                cell[1] = True

    def write(self, path):
        for key, units in self.cells.items():
            above, below = sum(c[0] for c in units.values()), len(units)
            self.rows.append(key + (above, below, 100 * above / below))
        with open(path, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow("metric period window_days counted dimension category quantity numerator denominator value".split())
            out.writerows(["" if v is None else v for v in row] for row in self.rows)


def closures(person, label, first, last, tables, groups):
    for number, spell in enumerate(person.help):
        end = spell.end
        if not first <= end <= last:
            continue
        categories = person.categories(end, spell.fields)
        ids = {"episodes": (person.id, number), "children": person.id}

        def add(metric, window, quantity, happened):
            tables.add(metric, label, window, categories, DIMENSIONS, quantity, ids, happened)

        open_at_end = any(s.open_on(end) for s in person.care)
        open_next = any(s.open_on(end + DAY) for s in person.care)
        for window in (183, 365):
            reach = plus(end, window)
            if not person.followed(end, window):
                continue
            returns = sorted((s.start, s.fields["source"]) for s in person.help if end < s.start <= reach)
            source = returns[0][1] if returns else None
            add("1", window, "any", bool(returns))
            for quantity, codes in (("1C", ["1C"]), ("1A", ["1A"]), ("self", ["1A", "1C"])):
                add("1", window, quantity, source in codes)
            if not open_at_end:
                add("2", window, "any", any(end < d <= reach for d, _ in person.referrals))
            if not open_at_end and not open_next:
                started = {level: any(end + DAY < s.start <= reach for s in person.levels[level])
                           for level in ("CIN", "CP", "CLA")}
                add("5", window, "any", any(started.values()))
                for level, happened in started.items():
                    add("5", window, level.lower(), happened)
        if not any(s.open_on(spell.start) for s in person.care):
            add("4", None, "any", any(spell.start < s.start <= end + DAY for s in person.care))
        add("16", None, "outcomes_met", spell.reason == "outcomes_met")
        add("18", None, "disengaged", spell.reason == "disengaged")
        if spell.reason not in ("", "unknown"):
            add("16-known", None, "outcomes_met", spell.reason == "outcomes_met")
        for dimension in ("",) + DIMENSIONS:
            key = (label, dimension, categories[dimension] if dimension else "")
            groups["10"][key].append((person.id, (end - spell.start).days))
            groups["17"][key].append((person.id, spell.reason if spell.reason in REASONS else "not_known"))
        if not open_at_end:
            survive("9", person, spell, label, categories, groups)


def care_closures(person, label, first, last, groups):
    for spell in person.care:
        if first <= spell.end <= last and not any(s.open_on(spell.end) for s in person.help):
            survive("9-social-care", person, spell, label, person.categories(spell.end, spell.fields), groups)


def survive(metric, person, spell, label, categories, groups):
    end = spell.end
    censored = min([EXTRACT, person.death] + [m for m in person.moves if m >= end])
    if person.adult > end:
        censored = min(censored, person.adult)
    if censored <= end:
        return
    time, kind = (censored - end).days, "censored"
    care = [d for d, _ in person.referrals] + [s.start for s in person.care]
    for name, dates in (("social_care", care), ("early_help", [s.start for s in person.help])):
        for date in dates:
            days = (date - end).days
            if days > 0 and date <= censored and (days < time or (days == time and kind == "censored")):
                time, kind = days, name
    for dimension in ("",) + DIMENSIONS:
        groups[metric][label, dimension, categories[dimension] if dimension else ""].append((person.id, (time, kind)))


def by_unit(members):
    """All, and each child once, by its first closure: they come in order."""
    first = {}
    for child, value in members:
        first.setdefault(child, value)
    return {"episodes": [value for _, value in members], "children": list(first.values())}


def curve_rows(metric, counted, label, dimension, category, members, rows):
    def row(quantity, above, value):
        rows.append((metric, label, None, counted, dimension, category, quantity, above, len(members), value))

    # Exact, since the median turns on whether S is one half.
    one = fractions.Fraction(1)
    survival, shares = one, {"social_care": 0 * one, "early_help": 0 * one}
    path = {0: (one, dict(shares))}
    for time in sorted({t for t, _ in members}):
        at_risk = sum(t >= time for t, _ in members)
        for kind in shares:
            shares[kind] += survival * fractions.Fraction(members.count((time, kind)), at_risk)
        survival *= 1 - fractions.Fraction(sum(members.count((time, kind)) for kind in shares), at_risk)
        path[time] = (survival, dict(shares))
    last = max(path)
    row("median", None, min((t for t, (s, _) in path.items() if s <= one / 2), default=None))
    for window in (183, 365):
        beyond = last < window
        s, f = path[max(t for t in path if t <= window)]
        row(f"survival_{window}", None if beyond else sum(t > window for t, _ in members), None if beyond else float(100 * s))
        for kind, share in f.items():
            row(f"incidence_{kind}_{window}", None if beyond else sum(t <= window and k == kind for t, k in members),
                None if beyond else float(100 * share))


def sources(person, label, first, last, tables):
    starts = [(s.start, s.fields) for s in person.help]
    for metric, events, dimensions in (("22", person.referrals, DIMENSIONS[:4]), ("22-starts", starts, DIMENSIONS)):
        for number, (date, row) in enumerate(events):
            if first <= date <= last:
                for quantity, codes in SOURCES.items():
                    tables.add(metric, label, None, person.categories(date, row), dimensions, quantity,
                               {"episodes": (person.id, number), "children": person.id}, row["source"] in codes)


def transitions(person, label, first, last, moves):
    care = {d for s in person.care for d in s.days_open(first - DAY, last)}
    help_ = {d for s in person.help for d in s.days_open(first - DAY, last)}
    closed = min([s.end for s in person.help + person.care if s.end != NEVER], default=NEVER)
    categories = person.categories(first, {"area": "", "need": "", "service": ""})
    keys = [("", "")] + [(d, categories[d]) for d in DIMENSIONS[:3]]

    def state(date):
        if date in care:
            return "social_care"
        return "early_help" if date in help_ else "none" if date >= closed else None

    date = first
    while date <= min(last, EXTRACT) and date < person.death and date < person.adult:
        now, before = state(date), state(date - DAY)
        for dimension, category in keys if now else ():
            moves[label, dimension, category]["days", now] += 1
            if before and before != now:
                moves[label, dimension, category][before, now] += 1
        date += DAY


def quarter(label):
    year, month = int(label[:4]), 3 * int(label[-1]) + 1
    year, month = (year + 1, 1) if month > 12 else (year, month)
    return datetime.date(year, month, 1), datetime.date(year + (month == 10), (month + 2) % 12 + 1, 1) - DAY


def main():
    people = collections.defaultdict(list)
    with open(sys.argv[1], newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            people[row["person"]].append(row)
    tables = Tables()
    groups = {name: collections.defaultdict(list) for name in ("9", "9-social-care", "10", "17")}
    moves = collections.defaultdict(collections.Counter)
    for rows in people.values():
        person = Person(rows)
        for label in sys.argv[3:]:
            first, last = quarter(label)
            closures(person, label, first, last, tables, groups)
            care_closures(person, label, first, last, groups)
            sources(person, label, first, last, tables)
            transitions(person, label, first, last, moves)
    for (label, dimension, category), members in groups["10"].items():
        for counted, days in by_unit(members).items():
            for quantity, quarters in (("lower_quartile", 1), ("median", 2), ("upper_quartile", 3)):
                value = sorted(days)[-(-len(days) * quarters // 4) - 1]
                tables.rows.append(("10", label, None, counted, dimension, category, quantity, None, len(days), value))
    for (label, dimension, category), members in groups["17"].items():
        for counted, reasons in by_unit(members).items():
            for quantity in REASONS + ("not_known",):
                above = reasons.count(quantity)
                tables.rows.append(("17", label, None, counted, dimension, category, quantity, above, len(reasons),
                                    100 * above / len(reasons)))
    for metric in ("9", "9-social-care"):
        for (label, dimension, category), members in groups[metric].items():
            for counted, endings in by_unit(members).items():
                curve_rows(metric, counted, label, dimension, category, endings, tables.rows)
    states = ("none", "early_help", "social_care")
    for (label, dimension, category), counts in moves.items():
        for a in states:
            for b in states:
                if a != b:
                    days = counts["days", a]
                    value = counts[a, b] / (days / 91.3125 / 100) if days else None
                    tables.rows.append(("31", label, None, "episodes", dimension, category, f"{a}>{b}", counts[a, b], days,
                                        value))
    tables.write(sys.argv[2])


if __name__ == "__main__":
    main()
