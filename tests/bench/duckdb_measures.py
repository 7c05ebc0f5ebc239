#!/usr/bin/env python3
"""The benchmark's figures by DuckDB: written from docs/metrics.md alone, in SQL, sharing nothing with the node.

duckdb_measures.py EPISODES.CSV OUT.CSV PERIOD… writes one row a figure: metric, period, window_days, counted, dimension,
category, quantity, numerator, denominator, value. Periods are quarters of financial years ("2022-23-Q1"). Metrics 1, 2,
4, 5, 9 (and after social care), 10, 16, 17, 18, 22 and 31, for episodes and children, over all and by six breakdowns.

Days are whole numbers since 1970. An open end is OPEN, which lies after every day.
"""

import argparse
import datetime
import time

import duckdb

OPEN = 9_999_999
EXTRACT = (datetime.date(2025, 3, 31) - datetime.date(1970, 1, 1)).days
WINDOWS = (183, 365)
BINS = sorted(set(range(7, 731, 7)) | {183, 365, 730})

COLUMNS = ("id", "person", "family", "kind", "level", "start", "end", "source", "end_reason", "need", "area", "team",
           "service", "birth", "sex", "ethnicity", "disability", "nfa")

ALL = ("sex", "age_band", "ethnicity", "area", "need", "service")
OF_REFERRALS = ("sex", "age_band", "ethnicity", "area")
OF_PERSONS = ("sex", "age_band", "ethnicity")

# The codes that the file can hold; as enumerations they take a byte, and a code that is not here is an error.
CODES = {
    "kind": ("case", "referral"),
    "level": ("EH", "CIN", "CP", "CLA"),
    "source": ("1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F", "4", "5A", "5B", "5C", "5D", "6", "7",
               "8", "9", "10"),
    "end_reason": ("outcomes_met", "step_up", "declined", "disengaged", "nfa", "moved", "aged_out", "died", "unknown", "RC7",
                   "RC5", "RC2"),
    "need": tuple(f"N{i}" for i in range(10)),
    "area": tuple(f"A{i}" for i in range(10)),
    "service": ("family", "youth", "parenting", "school", "health", "domestic abuse", "debt"),
    "sex": ("F", "M", "U"),
    "ethnicity": ("WBRI", "WOTH", "AIND", "APKN", "BAFR", "BCRB", "MWBC", "MOTH", "OOTH", "NOBT"),
}
NAMES = {
    "sex": ("female", "male", "not known"),
    "ethnicity": ("asian", "black", "mixed", "not known", "other", "white"),
    "age_band": ("unborn", "0-4", "5-9", "10-15", "16-17", "18+", "not known"),
}

END_CLASSES = ("outcomes_met", "step_up", "declined", "disengaged", "nfa", "moved", "aged_out", "died", "not_known")

SOURCE_GROUPS = (("self", ("1A", "1C")), ("1C", ("1C",)), ("1A", ("1A",)), ("other_individual", ("1B", "1D")),
                 ("schools", ("2A",)), ("education", ("2B",)), ("health", ("3A", "3B", "3C", "3D", "3E", "3F")),
                 ("housing", ("4",)), ("local_authority", ("5A", "5B", "5C", "5D")), ("police", ("6",)),
                 ("other_legal", ("7",)), ("other", ("8",)), ("anonymous", ("9",)), ("not_known", ("10",)))


def quarter_days(label):
    """The first and last day of "2022-23-Q1"."""
    year, quarter = int(label[:4]), int(label[-1])
    month = 3 * quarter + 1
    first = datetime.date(year, month, 1) if quarter < 4 else datetime.date(year + 1, 1, 1)
    after = datetime.date(year + (month + 3 > 12), (month + 2) % 12 + 1, 1) if quarter < 4 else datetime.date(year + 1, 4, 1)
    epoch = datetime.date(1970, 1, 1)
    return (first - epoch).days, (after - epoch).days - 1


def years_old(birth, day):
    """Completed years; somebody born on 29 February is a year older on 1 March."""
    b, d = f"(DATE '1970-01-01' + {birth})", f"(DATE '1970-01-01' + {day})"
    return f"(year({d}) - year({b}) - (month({d}) * 100 + day({d}) < month({b}) * 100 + day({b}))::INTEGER)"


def age_band(birth, day):
    age = years_old(birth, day)
    return (f"(CASE WHEN {birth} IS NULL THEN 'not known' WHEN {day} < {birth} THEN 'unborn' WHEN {age} <= 4 THEN '0-4' "
            f"WHEN {age} <= 9 THEN '5-9' WHEN {age} <= 15 THEN '10-15' WHEN {age} <= 17 THEN '16-17' ELSE '18+' END)::age_band_name")


def islands(pieces, out, keys, order, first, last_rank):
    """Pieces of one key that overlap or lie at most one day apart, merged: fields of the first, reason of the last.

    Most pieces touch no other: only the rest are grouped.
    """
    by = ", ".join(keys)
    fields = ", ".join(first)
    yield f"""
      CREATE OR REPLACE TEMP TABLE placed AS
      SELECT * EXCLUDE (reach, next_start), coalesce(start > reach + 1, true) AS is_new,
             coalesce(next_start > greatest(stop, coalesce(reach, 0)) + 1, true) AS is_last
      FROM (SELECT *, row_number() OVER pieces AS place, lead(start) OVER pieces AS next_start,
                   max(stop) OVER (PARTITION BY {by} ORDER BY {order}
                                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
            FROM {pieces} WINDOW pieces AS (PARTITION BY {by} ORDER BY {order}))"""
    firsts = ", ".join(f"arg_min_null({field}, place) AS {field}" for field in first)
    yield f"""
      CREATE TEMP TABLE {out} AS
      SELECT {by}, start, stop, reason, {fields} FROM placed WHERE is_new AND is_last
      UNION ALL
      SELECT {by}, min(start), max(stop), arg_max_null(reason, {last_rank}), {firsts}
      FROM (SELECT *, sum(is_new::INTEGER) OVER (PARTITION BY {by} ORDER BY place) AS island
            FROM placed WHERE NOT (is_new AND is_last))
      GROUP BY {by}, island"""
    yield "DROP TABLE placed"


def load(path):
    days = "({} - DATE '1970-01-01')::INTEGER"
    types = {"start": "DATE", "end": "DATE", "birth": "DATE"} | {name: name + "_code" for name in CODES}
    columns = ", ".join(f"'{c}': '{types.get(c, 'VARCHAR')}'" for c in COLUMNS)
    for name, codes in CODES.items():
        yield f"CREATE TYPE {name}_code AS ENUM ({', '.join(repr(code) for code in codes)})"
    for name, names in NAMES.items():
        yield f"CREATE TYPE {name}_name AS ENUM ({', '.join(repr(one) for one in names)})"
    yield f"""
      CREATE TEMP TABLE raw AS
      SELECT id, person, kind, level, {days.format('start')} AS start, {days.format('"end"')} AS stop, source, end_reason,
             need, area, service, {days.format('birth')} AS birth, sex, ethnicity
      FROM read_csv('{path}', header = true, delim = ',', quote = '"', auto_detect = false, nullstr = '',
                    columns = {{{columns}}})"""
    yield """
      CREATE TEMP TABLE persons AS
      SELECT *, row_number() OVER ()::INTEGER AS number
      FROM (SELECT person, min(birth) AS birth, min(sex) AS sex, min(ethnicity) AS ethnicity FROM raw GROUP BY person)"""
    yield f"""
      CREATE TEMP TABLE pieces AS
      SELECT number AS person, level, id, start, CASE WHEN stop <= {EXTRACT} THEN stop ELSE {OPEN} END AS stop,
             CASE WHEN stop <= {EXTRACT} THEN end_reason END AS reason, source, need, area, service
      FROM raw JOIN persons USING (person)
      WHERE kind = 'case' AND start <= {EXTRACT} AND coalesce(stop, {OPEN}) >= start"""
    yield f"""
      CREATE TEMP TABLE referrals AS SELECT number AS person, start AS day, source, area
      FROM raw JOIN persons USING (person) WHERE kind = 'referral' AND start <= {EXTRACT}"""
    yield "DROP TABLE raw"


def journeys():
    first = ("source", "need", "area", "service")
    last = "stop::BIGINT * 100000 + place"
    yield from islands("(FROM pieces WHERE level = 'EH')", "early_help", ("person",), "start, id, stop", first, last)
    yield from islands("(FROM pieces WHERE level <> 'EH')", "care", ("person", "level"), "start, id, stop", first, last)
    # Of levels that open or close a spell together the lowest gives the fields; CODES lists them from low to high.
    yield from islands("care", "spells", ("person",), "start, level", first, "stop::BIGINT * 10 + 5 - enum_code(level)")
    yield "DROP TABLE pieces"
    yield """
      CREATE TEMP TABLE events AS
      SELECT person, 'H' AS kind, start, stop, source FROM early_help
      UNION ALL SELECT person, 'S', start, stop, NULL FROM spells
      UNION ALL SELECT person, level::VARCHAR, start, stop, NULL FROM care
      UNION ALL SELECT person, 'R', day, NULL, NULL FROM referrals
      UNION ALL SELECT person, 'M', stop, NULL, NULL FROM early_help WHERE reason IN ('moved', 'RC5')
      UNION ALL SELECT person, 'M', stop, NULL, NULL FROM spells WHERE reason IN ('moved', 'RC5')"""
    yield """
      CREATE TEMP TABLE deaths AS SELECT person, min(stop) AS day
      FROM (SELECT person, stop FROM early_help WHERE reason IN ('died', 'RC2')
            UNION ALL SELECT person, stop FROM spells WHERE reason IN ('died', 'RC2')) GROUP BY person"""
    leap = "month(DATE '1970-01-01' + birth) = 2 AND day(DATE '1970-01-01' + birth) = 29"
    yield f"""
      CREATE TEMP TABLE people AS
      SELECT number AS person, birth, coalesce(deaths.day, {OPEN}) AS death,
             (CASE sex WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' ELSE 'not known' END)::sex_name AS sex,
             (CASE WHEN ethnicity IN ('WBRI', 'WOTH') THEN 'white' WHEN ethnicity IN ('AIND', 'APKN') THEN 'asian'
                   WHEN ethnicity IN ('BAFR', 'BCRB') THEN 'black' WHEN ethnicity IN ('MWBC', 'MOTH') THEN 'mixed'
                   WHEN ethnicity = 'OOTH' THEN 'other' ELSE 'not known' END)::ethnicity_name AS ethnicity,
             coalesce((DATE '1970-01-01' + birth + INTERVAL 18 YEAR)::DATE - DATE '1970-01-01' + ({leap})::INTEGER,
                      {OPEN})::INTEGER AS adult
      FROM persons LEFT JOIN deaths ON deaths.person = number"""
    yield "DROP TABLE persons"


def closures_of(episodes, out, extra):
    """One row a closure of the quarters asked for, with what came before and after it in the person's life."""
    yield f"""
      CREATE OR REPLACE TEMP TABLE base AS
      SELECT row_number() OVER () AS closure, c.person, periods.label AS period, c.start, c.stop, c.reason, p.sex,
             p.ethnicity, {age_band('p.birth', 'c.stop')} AS age_band, c.area, c.need, c.service, p.death, p.adult
      FROM {episodes} AS c JOIN periods ON c.stop BETWEEN periods.first AND periods.last
      JOIN people AS p ON p.person = c.person"""

    def first(condition):
        return f"coalesce(min(e.start) FILTER (e.kind {condition}), {OPEN})"

    def is_open(kind, day):
        return (f"coalesce(bool_or(e.kind = '{kind}' AND e.start <= {day} AND (e.stop > {day} OR e.start = {day})), false)")

    columns = {"again": first("= 'H' AND e.start > c.stop"), "care_after": first("= 'S' AND e.start > c.stop"),
               "referral": first("= 'R' AND e.start > c.stop"), "move": first("= 'M' AND e.start >= c.stop")}
    for name, expression in extra.items():
        columns[name] = expression(first, is_open)
    yield f"""
      CREATE TEMP TABLE {out} AS SELECT * FROM base JOIN
      (SELECT closure, {', '.join(f'{expression} AS {name}' for name, expression in columns.items())}
       FROM base AS c JOIN events AS e ON e.person = c.person GROUP BY closure) USING (closure)"""
    yield "DROP TABLE base"


def cohorts():
    help_columns = {
        "again_source": lambda first, is_open: "arg_min_null(e.source, e.start) FILTER (e.kind = 'H' AND e.start > c.stop)",
        "care_at_start": lambda first, is_open: is_open("S", "c.start"),
        "care_during": lambda first, is_open: first("= 'S' AND e.start > c.start"),
        "care_at_end": lambda first, is_open: is_open("S", "c.stop"),
        "care_next_day": lambda first, is_open: is_open("S", "(c.stop + 1)"),
    }
    for level in ("cin", "cp", "cla"):
        help_columns[level] = lambda first, is_open, kind=level.upper(): first(f"= '{kind}' AND e.start > c.stop + 1")
    yield from closures_of("early_help", "closures", help_columns)
    yield from closures_of("spells", "care_closures", {"help_at_end": lambda first, is_open: is_open("H", "c.stop")})


def closure_flags():
    """(metric, window, outcome or None for the denominator, condition)."""
    flags = []
    for window in WINDOWS:
        last = f"stop + {window}"
        followed = f"(death > {last} AND move > {last} AND (adult <= stop OR adult > {last}))"
        flags.append(("1", window, None, followed))
        for outcome, sources in (("any", None), ("1C", "('1C')"), ("1A", "('1A')"), ("self", "('1A', '1C')")):
            by = f" AND coalesce(again_source IN {sources}, false)" if sources else ""
            flags.append(("1", window, outcome, f"{followed} AND again <= {last}{by}"))
        flags.append(("2", window, None, f"{followed} AND NOT care_at_end"))
        flags.append(("2", window, "any", f"{followed} AND NOT care_at_end AND referral <= {last}"))
        free = f"{followed} AND NOT care_at_end AND NOT care_next_day"
        flags.append(("5", window, None, free))
        flags.append(("5", window, "any", f"{free} AND least(cin, cp, cla) <= {last}"))
        flags += [("5", window, level, f"{free} AND {level} <= {last}") for level in ("cin", "cp", "cla")]
    flags.append(("4", None, None, "NOT care_at_start"))
    flags.append(("4", None, "any", "NOT care_at_start AND care_during <= stop + 1"))
    flags.append(("16", None, None, "true"))
    flags.append(("16", None, "outcomes_met", "coalesce(reason = 'outcomes_met', false)"))
    flags.append(("16-known", None, None, "coalesce(reason <> 'unknown', false)"))
    flags.append(("16-known", None, "outcomes_met", "coalesce(reason = 'outcomes_met', false)"))
    flags.append(("18", None, None, "true"))
    flags.append(("18", None, "disengaged", "coalesce(reason = 'disengaged', false)"))
    return flags


def source_flags(metric):
    flags = [(metric, None, None, "true")]
    for outcome, sources in SOURCE_GROUPS:
        blank = " OR source IS NULL" if outcome == "not_known" else ""
        flags.append((metric, None, outcome, f"coalesce(source IN ({', '.join(repr(s) for s in sources)}), false){blank}"))
    return flags


def sets_of(dims, also=""):
    return ", ".join([f"(period{also})"] + [f"(period{also}, {d})" for d in dims])


def category(dims):
    """dimension and category of a row of GROUPING SETS over `dims`."""
    names = " ".join(f"WHEN grouping({d}) = 0 THEN '{d}'" for d in dims)
    values = " ".join(f"WHEN grouping({d}) = 0 THEN coalesce({d}::VARCHAR, 'not known')" for d in dims)
    return f"CASE {names} ELSE '' END AS dimension, CASE {values} ELSE '' END AS category"


def proportions(rows, flags, dims):
    """Each condition is one bit of a number: a child has it when any of its rows has."""
    bits = " + ".join(f"(({condition})::BIGINT << {i})" for i, (_, _, _, condition) in enumerate(flags))
    yield f"CREATE OR REPLACE TEMP TABLE marked AS SELECT person, period, {', '.join(dims)}, {bits} AS bits FROM {rows}"
    sums = ", ".join(f"sum((bits >> {i}) & 1)::BIGINT AS b{i}" for i in range(len(flags)))
    yield f"""
      CREATE OR REPLACE TEMP TABLE counts AS
      SELECT 'episodes' AS counted, period, {category(dims)}, {sums} FROM marked GROUP BY GROUPING SETS ({sets_of(dims)})
      UNION ALL
      SELECT 'children', period, dimension, category, {sums}
      FROM (SELECT person, period, {category(dims)}, bit_or(bits) AS bits FROM marked
            GROUP BY GROUPING SETS ({sets_of(dims, ', person')}))
      GROUP BY ALL"""
    denominators = {(metric, window): i for i, (metric, window, outcome, _) in enumerate(flags) if outcome is None}
    for i, (metric, window, outcome, _) in enumerate(flags):
        if outcome is None:
            continue
        below = f"b{denominators[metric, window]}"
        yield f"""
          INSERT INTO figures SELECT '{metric}', period, {window or 'NULL'}, counted, dimension, category, '{outcome}', b{i},
          {below}, CASE WHEN {below} > 0 THEN 100.0 * b{i} / {below} END FROM counts"""


def durations():
    """A child counts once in a group, by its first closure."""
    quantiles = "count(*) AS members, quantile_disc(days, [0.25, 0.5, 0.75]) AS days"
    yield f"""
      CREATE TEMP TABLE quantiles AS
      SELECT 'episodes' AS counted, period, {category(ALL)}, {quantiles.replace('days,', 'stop - start,')}
      FROM closures GROUP BY GROUPING SETS ({sets_of(ALL)})
      UNION ALL
      SELECT 'children', period, dimension, category, {quantiles}
      FROM (SELECT period, {category(ALL)}, arg_min(stop - start, stop) AS days
            FROM closures GROUP BY GROUPING SETS ({sets_of(ALL, ', person')}))
      GROUP BY ALL"""
    for at, name in enumerate(("lower_quartile", "median", "upper_quartile"), 1):
        yield f"""INSERT INTO figures SELECT '10', period, NULL, counted, dimension, category, '{name}', NULL, members,
                  days[{at}] FROM quantiles"""


def classes():
    """The end reason of each closure; a child has that of its first closure in a group."""
    known = ", ".join(repr(reason) for reason in END_CLASSES[:-1])
    reason = (f"CASE WHEN reason = 'RC5' THEN 'moved' WHEN reason = 'RC2' THEN 'died' WHEN reason IN ({known}) "
              f"THEN reason::VARCHAR ELSE 'not_known' END")
    sums = ", ".join(f"count(*) FILTER (class = '{name}') AS {name}" for name in END_CLASSES)
    yield f"""
      CREATE TEMP TABLE classes AS
      SELECT 'episodes' AS counted, period, {category(ALL)}, count(*) AS members, {sums}
      FROM (SELECT *, {reason} AS class FROM closures) GROUP BY GROUPING SETS ({sets_of(ALL)})
      UNION ALL
      SELECT 'children', period, dimension, category, count(*), {sums}
      FROM (SELECT period, {category(ALL)}, arg_min({reason}, stop) AS class
            FROM closures GROUP BY GROUPING SETS ({sets_of(ALL, ', person')}))
      GROUP BY ALL"""
    for name in END_CLASSES:
        yield f"""INSERT INTO figures SELECT '17', period, NULL, counted, dimension, category, '{name}', {name}, members,
                  100.0 * {name} / members FROM classes WHERE members > 0"""


def survival(metric, rows, condition):
    """Daily Kaplan-Meier and Aalen-Johansen curves, and the counts in bins that leave a council."""
    censor = f"least({EXTRACT}, move, death, CASE WHEN adult > stop THEN adult ELSE {OPEN} END)"
    # An ending is three times the days followed, with 1 for social care and 2 for early help.
    yield f"""
      CREATE OR REPLACE TEMP TABLE lives AS
      SELECT person, period, stop, {', '.join(ALL)}, (least(event, censored) - stop) * 3
             + CASE WHEN event > censored THEN 0 WHEN care_event = event THEN 1 ELSE 2 END AS ending
      FROM (SELECT *, {censor} AS censored, least(referral, care_after) AS care_event,
                   least(referral, care_after, again) AS event FROM {rows} WHERE {condition})
      WHERE censored > stop"""
    yield f"""
      CREATE OR REPLACE TEMP TABLE daily AS
      SELECT counted, period, dimension, category, ending // 3 AS t, sum(n) AS n,
             sum(CASE WHEN ending % 3 = 1 THEN n ELSE 0 END) AS care, sum(CASE WHEN ending % 3 = 2 THEN n ELSE 0 END) AS help
      FROM (SELECT 'episodes' AS counted, period, {category(ALL)}, ending, count(*) AS n
            FROM lives GROUP BY GROUPING SETS ({sets_of(ALL, ', ending')})
            UNION ALL
            SELECT 'children', period, dimension, category, ending, count(*)
            FROM (SELECT period, {category(ALL)}, arg_min(ending, stop) AS ending
                  FROM lives GROUP BY GROUPING SETS ({sets_of(ALL, ', person')}))
            GROUP BY ALL)
      GROUP BY ALL"""
    yield """
      CREATE OR REPLACE TEMP TABLE risk AS
      SELECT *, sum(n) OVER (PARTITION BY counted, period, dimension, category ORDER BY t DESC) AS at_risk FROM daily"""
    yield """
      CREATE OR REPLACE TEMP TABLE curve AS
      SELECT *, product(1.0 - (care + help) / at_risk) OVER (PARTITION BY counted, period, dimension, category ORDER BY t) AS s
      FROM risk"""
    yield """
      CREATE OR REPLACE TEMP TABLE steps AS
      SELECT *, coalesce(lag(s) OVER (PARTITION BY counted, period, dimension, category ORDER BY t), 1.0) AS before FROM curve"""
    reads = ", ".join(f"""
        sum(n) FILTER (t > {w}) AS beyond_{w}, coalesce(arg_max(s, t) FILTER (t <= {w}), 1.0) AS s_{w},
        coalesce(sum(care) FILTER (t <= {w}), 0) AS care_{w}, coalesce(sum(help) FILTER (t <= {w}), 0) AS help_{w},
        coalesce(sum(before * care / at_risk) FILTER (t <= {w}), 0) AS care_share_{w},
        coalesce(sum(before * help / at_risk) FILTER (t <= {w}), 0) AS help_share_{w}""" for w in WINDOWS)
    # A product that is one half can come out a rounding error above it.
    yield f"""
      CREATE OR REPLACE TEMP TABLE read AS
      SELECT counted, period, dimension, category, sum(n) AS members, max(t) AS last, min(t) FILTER (s <= 0.5 + 1e-12) AS median, {reads}
      FROM steps GROUP BY ALL"""
    edges = ", ".join(str(edge) for edge in BINS)
    yield f"""
      CREATE OR REPLACE TEMP TABLE binned AS
      SELECT counted, period, dimension, category, list_position(list_transform([{edges}], lambda edge: t <= edge), true) AS bin,
             sum(care) AS care, sum(help) AS help, sum(n - care - help) AS censored
      FROM daily GROUP BY ALL"""
    head = f"INSERT INTO figures SELECT '{metric}', period, NULL, counted, dimension, category"
    yield f"{head}, 'median', NULL, members, median FROM read"
    for w in WINDOWS:
        yield f"""{head}, 'survival_{w}', CASE WHEN last >= {w} THEN coalesce(beyond_{w}, 0) END, members,
                  CASE WHEN last >= {w} THEN 100 * s_{w} END FROM read"""
        for kind, name in (("care", "social_care"), ("help", "early_help")):
            yield f"""{head}, 'incidence_{name}_{w}', CASE WHEN last >= {w} THEN {kind}_{w} END, members,
                      CASE WHEN last >= {w} THEN 100 * {kind}_share_{w} END FROM read"""


def sources():
    yield f"""
      CREATE TEMP TABLE referred AS
      SELECT c.person, periods.label AS period, c.source, c.area, p.sex, p.ethnicity,
             {age_band('p.birth', 'c.day')} AS age_band
      FROM referrals AS c JOIN periods ON c.day BETWEEN periods.first AND periods.last
      JOIN people AS p ON p.person = c.person"""
    yield f"""
      CREATE TEMP TABLE started AS
      SELECT c.person, periods.label AS period, c.source, c.area, c.need, c.service, p.sex, p.ethnicity,
             {age_band('p.birth', 'c.start')} AS age_band
      FROM early_help AS c JOIN periods ON c.start BETWEEN periods.first AND periods.last
      JOIN people AS p ON p.person = c.person"""
    yield from proportions("referred", source_flags("22"), OF_REFERRALS)
    yield from proportions("started", source_flags("22-starts"), ALL)


def transitions():
    """Spans of one state: 0 none, 1 early help, 2 social care; none counts after the first closure only.

    Every start and end is a row, and what is open follows from the rows up to its day and up to the day before. Of rows
    on one day only the last one's span is longer than nothing; a move stands at each, so it is taken from that one.
    """
    state = "CASE WHEN {0}care > 0 THEN 2 WHEN {0}help > 0 THEN 1 ELSE 0 END"
    yield f"""
      CREATE TEMP TABLE spans AS
      SELECT person, day AS first, after, {state.format('')}::TINYINT AS state,
             CASE WHEN before_care IS NOT NULL THEN {state.format('before_')} END::TINYINT AS before
      FROM (SELECT person, day, coalesce(lead(day) OVER until, {OPEN}) AS after,
                   sum(care) OVER until AS care, sum(help) OVER until AS help,
                   sum(care) OVER earlier AS before_care, sum(help) OVER earlier AS before_help
            FROM (SELECT person, start AS day, 1 AS care, 0 AS help FROM spells
                  UNION ALL SELECT person, greatest(stop, start + 1), -1, 0 FROM spells WHERE stop < {OPEN}
                  UNION ALL SELECT person, start, 0, 1 FROM early_help
                  UNION ALL SELECT person, greatest(stop, start + 1), 0, -1 FROM early_help WHERE stop < {OPEN})
            WINDOW until AS (PARTITION BY person ORDER BY day),
                   earlier AS (PARTITION BY person ORDER BY day RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
      WHERE after > day AND after > (SELECT min(first) FROM periods) AND day <= (SELECT max(last) FROM periods)"""
    moves = ", ".join(f"sum((moved AND before = {a} AND state = {b})::INTEGER) AS m{a}{b}"
                      for a in range(3) for b in range(3) if a != b)
    days = ", ".join(f"sum(CASE WHEN state = {a} THEN days ELSE 0 END) AS d{a}" for a in range(3))
    yield f"""
      CREATE TEMP TABLE known AS
      SELECT s.*, p.sex, p.ethnicity, p.birth, least(after, death, adult, {EXTRACT + 1}) AS until
      FROM spans AS s JOIN people AS p ON p.person = s.person"""
    yield "DROP TABLE spans"
    again = ", ".join(f"sum(m{a}{b}) AS m{a}{b}" for a in range(3) for b in range(3) if a != b)
    again += ", " + ", ".join(f"sum(d{a}) AS d{a}" for a in range(3))
    yield f"""
      CREATE TEMP TABLE moved AS
      SELECT period, {category(OF_PERSONS)}, {again}
      FROM (SELECT label AS period, sex, ethnicity, age_band, {moves}, {days}
            FROM (SELECT label, state, before, s.first >= periods.first AND before <> state AS moved, sex, ethnicity,
                         least(until, periods.last + 1) - greatest(s.first, periods.first) AS days,
                         {age_band('birth', 'periods.first')} AS age_band
                  FROM known AS s JOIN periods ON s.first <= periods.last AND s.until > greatest(s.first, periods.first))
            GROUP BY ALL)
      GROUP BY GROUPING SETS ({sets_of(OF_PERSONS)})"""
    names = ("none", "early_help", "social_care")
    for a in range(3):
        for b in range(3):
            if a != b:
                yield f"""
                  INSERT INTO figures SELECT '31', period, NULL, 'episodes', dimension, category,
                  '{names[a]}>{names[b]}', m{a}{b}, d{a}, CASE WHEN d{a} > 0 THEN m{a}{b} / (d{a} / 91.3125 / 100) END
                  FROM moved"""


def statements(path, periods):
    yield from load(path)
    rows = ", ".join("('{}', {}, {})".format(label, *quarter_days(label)) for label in periods)
    yield f"CREATE TEMP TABLE periods AS SELECT * FROM (VALUES {rows}) AS t(label, first, last)"
    yield """CREATE TEMP TABLE figures (metric VARCHAR, period VARCHAR, window_days INTEGER, counted VARCHAR,
             dimension VARCHAR, category VARCHAR, quantity VARCHAR, numerator BIGINT, denominator BIGINT, value DOUBLE)"""
    yield from journeys()
    yield from cohorts()
    yield from proportions("closures", closure_flags(), ALL)
    yield from durations()
    yield from classes()
    yield from survival("9", "closures", "NOT care_at_end")
    yield from survival("9-social-care", "care_closures", "NOT help_at_end")
    yield from sources()
    yield from transitions()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv")
    parser.add_argument("out")
    parser.add_argument("periods", nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--profile", action="store_true", help="print the slow statements")
    arguments = parser.parse_args()
    connection = duckdb.connect()
    connection.execute(f"SET threads = {arguments.threads}")
    connection.execute("SET preserve_insertion_order = false")
    for statement in statements(arguments.csv, arguments.periods):
        started = time.monotonic()
        connection.execute(statement)
        took = time.monotonic() - started
        if arguments.profile and took > 0.1:
            print(f"{took:6.2f} s  {' '.join(statement.split())[:110]}", flush=True)
    connection.execute(f"COPY figures TO '{arguments.out}' (HEADER)")


if __name__ == "__main__":
    main()
