"""The municipal cases worked out again, sharing no code with the node: plain lists, sets and day-by-day loops.

The reading, as docs and the mapping files state it: a case is a person; its events in order of time move it between stages;
more than `inactivity_days` between two events end the stage on the day of the earlier one; the last event ends what is
open. Days are those of the municipalities' own zone. Pieces of one level that lie at most one day apart are one episode.
"""

import csv
import datetime
import zoneinfo

ZONE = zoneinfo.ZoneInfo("Europe/Amsterdam")
INACTIVITY_DAYS = 60
LEVEL_OF_PREFIX = {"01_HOOFD": "early_help", "08_AWB45": "cin", "09_AH_I": "cp", "11_AH_II": "cp"}
CLOSING_PREFIX = "05_EIND"
PERSON_QUARTER_DAYS = 91.3125


def day_of(timestamp):
    return datetime.datetime.fromisoformat(timestamp).astimezone(ZONE).date()


def stage_of(activity):
    if activity.startswith(CLOSING_PREFIX):
        return "close"
    for prefix, level in LEVEL_OF_PREFIX.items():
        # "09_AH_I_" must not take "09_AH_II"; the number that follows settles it.
        if activity.startswith(prefix + "_"):
            return level
    return None


def read_cases(path):
    cases = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        for position, row in enumerate(csv.DictReader(file)):
            stage = stage_of(row["activity"])
            if stage is not None:
                cases.setdefault(row["trace_id"], []).append((day_of(row["timestamp"]), position, stage))
    return {case: sorted(events) for case, events in cases.items()}


def pieces_of(events):
    """[(level, first day, last day)] of one case."""
    pieces, level, since, previous = [], None, None, None
    for day, _, stage in events:
        if level is not None and (day - previous).days > INACTIVITY_DAYS:
            pieces.append((level, since, previous))
            level = None
        if stage == "close":
            if level is not None:
                pieces.append((level, since, day))
            level = None
        elif stage != level:
            if level is not None:
                pieces.append((level, since, day))
            level, since = stage, day
        previous = day
    if level is not None:
        pieces.append((level, since, previous))
    return pieces


def merged(spans):
    result = []
    for start, end in sorted(spans):
        if result and (start - result[-1][1]).days <= 1:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


class Municipality:
    def __init__(self, path, extract):
        self.extract = extract
        self.early_help, self.social_care = {}, {}
        self.cases = read_cases(path)
        for case, events in self.cases.items():
            pieces = pieces_of(events)
            self.early_help[case] = merged([(s, e) for level, s, e in pieces if level == "early_help"])
            by_level = [span for wanted in ("cin", "cp") for span in merged(
                [(s, e) for level, s, e in pieces if level == wanted])]
            self.social_care[case] = merged(by_level)

    def closures(self, first, last):
        return [(case, s, e) for case, spans in self.early_help.items() for s, e in spans if first <= e <= last]

    def durations(self, first, last):
        return sorted((e - s).days for _, s, e in self.closures(first, last))

    def quantile(self, first, last, share):
        days = self.durations(first, last)
        for value in days:
            if sum(1 for d in days if d <= value) >= share * len(days):
                return value
        return None

    def reopened(self, first, last, window):
        """(reopened, closures whose follow-up has ended)"""
        followed = [(case, e) for case, _, e in self.closures(first, last)
                    if e + datetime.timedelta(window) <= self.extract]
        again = sum(1 for case, e in followed
                    if any(0 < (s - e).days <= window for s, _ in self.early_help[case]))
        return again, len(followed)

    def state(self, case, day):
        def is_open(spans):
            return any(s <= day < e or (s == e == day) for s, e in spans)
        if is_open(self.social_care[case]):
            return "social_care"
        if is_open(self.early_help[case]):
            return "early_help"
        ends = [e for spans in (self.early_help[case], self.social_care[case]) for _, e in spans]
        return "none" if ends and min(ends) <= day else None

    def transitions(self, first, last):
        """Moves between states from one day to the next, and days spent in each, day by day."""
        moves, days = {}, {}
        one = datetime.timedelta(1)
        for case in self.cases:
            spans = self.early_help[case] + self.social_care[case]
            if not spans:
                continue
            before = self.state(case, first - one)
            day = first
            while day <= min(last, self.extract):
                now = self.state(case, day)
                if before is not None and now is not None and now != before:
                    moves[f"{before}>{now}"] = moves.get(f"{before}>{now}", 0) + 1
                if now is not None:
                    days[now] = days.get(now, 0) + 1
                before = now
                day += one
        return moves, days
