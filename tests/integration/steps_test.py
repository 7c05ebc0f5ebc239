"""One council's steps of work kept two ways, as the Standard Safeguarding Dataset and as tables of its own: the same figures."""

import csv
import datetime
import random
import sqlite3
import sys
import unittest

from returns_site import accounted, checked, measured, site

SEED = 20_251
FROM, EXTRACT = datetime.date(2021, 4, 1), datetime.date(2025, 6, 30)
REACH = f"covered_from = {FROM}\nextract_date = {EXTRACT}\n"
SAME = {"4", "5", "6", "7", "8", "13", "14", "15", "20", "24", "25", "26"}
DAYS = {"start", "end", "date", "referral", "birth"}
OWN_COLUMNS = ["kind", "person", "start", "end", "date", "level", "source", "need", "end_reason", "outcome", "nfa",
               "referral", "team", "service", "worker", "id", "family", "birth", "sex"]


class Council:
    """Rows as the council's own tables have them, by kind, and the dataset's tables of the same."""

    def __init__(self):
        self.chance = random.Random(SEED)
        self.own = {kind: [] for kind in ("person", "episode", "contact", "referral", "early_help_assessment",
                                          "assessment", "section_47", "plan")}
        self.ssd = {}
        self.number = 0
        for i in range(500):
            self.child(f"C{i:04d}", f"F{i // 2:04d}")

    def put(self, kind, table, own, dataset):
        self.own[kind].append(own)
        if table:
            self.ssd.setdefault(table, []).append(dataset)

    def next_id(self):
        self.number += 1
        return f"R{self.number:05d}"

    def days(self, least, most):
        return datetime.timedelta(self.chance.randrange(least, most))

    def child(self, person, family):
        birth = FROM - self.days(0, 14 * 365)
        sex = self.chance.choice(["M", "F"])
        self.put("person", "person", {"person": person, "family": family, "birth": birth, "sex": sex},
                 {"pers_person_id": person, "pers_dob": birth, "pers_sex": sex})
        self.ssd.setdefault("family", []).append({"fami_family_id": family, "fami_person_id": person})
        day = FROM + self.days(0, 500)
        while day < EXTRACT:
            day = (self.early_help if self.chance.random() < 0.5 else self.social_care)(person, day)
            day += self.days(-30, 200)

    def early_help(self, person, day):
        end = day + self.days(10, 250)
        reason = self.chance.choice(["outcomes_met", "disengaged", "step_up", "nfa", ""])
        need, service, key = self.chance.choice(["N1", "N4", "N5"]), self.chance.choice("XYZ"), self.next_id()
        closed = end if end <= EXTRACT else None
        contact = day - self.days(0, 40)
        self.put("contact", "contacts",
                 {"person": person, "date": contact, "source": "1C", "outcome": "early_help", "id": key},
                 {"cont_contact_id": key, "cont_person_id": person, "cont_contact_date": contact,
                  "cont_contact_source_code": "1C", "cont_contact_outcome_json": "Early Help"})
        self.put("episode", "early_help_episodes",
                 {"person": person, "start": day, "end": closed, "level": "early_help", "need": need,
                  "end_reason": reason if closed else "", "service": service, "id": key},
                 {"earl_episode_id": key, "earl_person_id": person, "earl_episode_start_date": day,
                  "earl_episode_end_date": closed, "earl_episode_reason": need,
                  "earl_episode_end_reason": reason if closed else "", "earl_episode_organisation": service})
        done = day + self.days(5, 80)
        self.put("early_help_assessment", None, {"person": person, "start": day, "end": done, "id": key}, None)
        return end

    def social_care(self, person, day):
        key, source, need, team = self.next_id(), self.chance.choice(["1A", "3A", "6"]), "N1", self.chance.choice("PQ")
        result = self.chance.choice(["nfa", "rc8", "assessed_out", "in_need", "in_need", "in_need", "waiting"])
        end = day + self.days(20, 400)
        closed = end if end <= EXTRACT else None
        reason = "" if not closed else "RC8" if result == "rc8" else "RC3"
        outcome = {"nfa": "nfa", "rc8": "not_in_need" if closed else "", "assessed_out": "not_in_need",
                   "in_need": "in_need", "waiting": ""}[result]
        self.put("referral", "cin_episodes",
                 {"person": person, "date": day, "source": source, "nfa": "yes" if result == "nfa" else "no",
                  "outcome": outcome, "team": team, "id": key},
                 {"cine_referral_id": key, "cine_person_id": person, "cine_referral_date": day,
                  "cine_cin_primary_need_code": need, "cine_referral_source_code": source,
                  "cine_referral_nfa": "Y" if result == "nfa" else "N", "cine_close_reason": reason,
                  "cine_close_date": closed, "cine_referral_team": team})
        if result != "nfa" and reason != "RC8":
            self.own["episode"].append({"person": person, "start": day, "end": closed, "level": "cin", "need": need,
                                        "source": source, "end_reason": reason, "team": team, "id": key})
        if result in ("assessed_out", "in_need"):
            self.assessment(person, key, day, team, result == "in_need")
        if result == "in_need":
            for _ in range(self.chance.choice([0, 0, 1, 2])):
                self.enquiry(person, key, day + self.days(0, 120), day, team)
        return end

    def assessment(self, person, key, referral, team, need):
        start = referral + self.days(0, 10)
        end = start + self.days(20, 90)
        self.put("assessment", "cin_assessments",
                 {"person": person, "start": start, "end": end, "referral": referral, "team": team, "id": key,
                  "outcome": "in_need" if need else "not_in_need"},
                 {"cina_assessment_id": key, "cina_person_id": person, "cina_referral_id": key,
                  "cina_assessment_start_date": start, "cina_assessment_auth_date": end,
                  "cina_assessment_outcome_nfa": "N" if need else "Y", "cina_assessment_team": team})

    def enquiry(self, person, referral, start, referred, team):
        key = self.next_id()
        held = start + self.days(8, 35) if self.chance.random() < 0.8 else None
        planned = held and self.chance.random() < 0.8
        self.put("section_47", "s47_enquiry",
                 {"person": person, "start": start, "end": held, "referral": referred, "team": team, "id": key,
                  "outcome": "plan" if planned else "no_plan" if held else "not_required"},
                 {"s47e_s47_enquiry_id": key, "s47e_person_id": person, "s47e_referral_id": referral,
                  "s47e_s47_start_date": start, "s47e_s47_nfa": "N" if held else "Y",
                  "s47e_s47_completed_by_team": team})
        if held:
            self.ssd.setdefault("initial_cp_conference", []).append(
                {"icpc_icpc_id": key, "icpc_person_id": person, "icpc_s47_enquiry_id": key, "icpc_icpc_date": held,
                 "icpc_icpc_outcome_cp_flag": "Y" if planned else "N"})
        if not planned or held > EXTRACT:
            return
        end = held + self.days(60, 300)
        closed = end if end <= EXTRACT else None
        self.put("plan", "cp_plans",
                 {"person": person, "start": held, "end": closed, "referral": referred, "team": team, "id": key},
                 {"cppl_cp_plan_id": key, "cppl_referral_id": referral, "cppl_person_id": person,
                  "cppl_cp_plan_start_date": held, "cppl_cp_plan_end_date": closed, "cppl_cp_plan_team": team})
        if self.chance.random() < 0.3:
            self.looked_after(person, held + self.days(5, 50))

    def looked_after(self, person, start):
        key, end = self.next_id(), start + self.days(10, 200)
        if start > EXTRACT:
            return
        closed = end if end <= EXTRACT else None
        self.put("episode", "cla_episodes",
                 {"person": person, "start": start, "end": closed, "level": "cla", "id": key},
                 {"clae_cla_episode_id": key, "clae_person_id": person, "clae_cla_episode_start_date": start,
                  "clae_cla_episode_ceased_date": closed})


def write(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def columns_of(rows):
    return [column for column in OWN_COLUMNS if any(column in row for row in rows)]


def mapping(columns, kind, level=""):
    keys = [f'{column} = "{column}"\n' for column in columns if column not in ("kind", "level")]
    return f'[source.mapping]\nshape = "episodes"\nkind = "{kind}"\n{level}{"".join(keys)}'


def own_sources(folder, council):
    """A CSV for each kind, with the columns that the dataset has too."""
    sources = []
    for kind, rows in council.own.items():
        columns = columns_of(rows)
        write(folder / f"{kind}.csv", columns, rows)
        sources.append(f'[[source]]\nformat = "event-log"\npath = "{kind}.csv"\n{REACH}'
                       + mapping(columns, kind, 'level = "level"\n' if kind == "episode" else ""))
    return "".join(sources)


def ssd_source(folder, council):
    (folder / "ssd").mkdir()
    for table, rows in council.ssd.items():
        write(folder / "ssd" / f"ssd_{table}.csv", list(rows[0]), rows)
    return f'[[source]]\nformat = "ssd"\npath = "ssd"\n{REACH}'


def sql_source(folder, council):
    """One table of everything, in a database, whose column tells what a row is."""
    database = sqlite3.connect(folder / "own.db")
    database.execute(f"CREATE TABLE work ({', '.join(f'[{column}] TEXT' for column in OWN_COLUMNS)})")
    for kind, rows in council.own.items():
        for row in rows:
            values = [kind] + [row.get(column) for column in OWN_COLUMNS[1:]]
            database.execute(f"INSERT INTO work VALUES ({', '.join('?' * len(values))})",
                             [str(value) if isinstance(value, datetime.date) else value for value in values])
    database.commit()
    database.close()
    return (f'[[source]]\nformat = "sql"\nconnection = "sqlite3://own.db"\ntable = "work"\n{REACH}'
            + mapping(OWN_COLUMNS, "kind", 'level = "level"\n'))


def standards_source(folder, days):
    (folder / "templates").mkdir()
    (folder / "templates" / "standards.csv").write_text(
        "metric,days\n" + "".join(f"{metric},{number}\n" for metric, number in days.items()))
    return f'[[source]]\nformat = "templates"\npath = "templates"\n{REACH}'


def figures(make, council):
    with site("") as folder:
        with open(folder / "node.toml", "a", encoding="utf-8") as file:
            file.write(make(folder, council))
        report = checked(folder)
        assert accounted(report), report["files"]
        return measured(folder, "all"), report


def of(rows, numbers):
    return [row for row in rows if row["metric"].split("-")[0] in numbers]


class Steps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.council = Council()
        cls.ssd, _ = figures(ssd_source, cls.council)
        cls.own, cls.report = figures(own_sources, cls.council)
        cls.sql, _ = figures(sql_source, cls.council)

    def test_same_figures_through_own_tables(self):
        self.assertEqual(of(self.own, SAME), of(self.ssd, SAME))

    def test_same_figures_through_a_database_with_a_column_of_kinds(self):
        self.assertEqual(of(self.sql, SAME), of(self.ssd, SAME))

    def test_each_of_them_counts_something(self):
        for number in SAME:
            self.assertTrue(any(row["numerator"] or row["value"] for row in of(self.own, {number})), number)

    def test_early_help_assessments_against_their_rows(self):
        steps = self.council.own["early_help_assessment"]
        first, last = datetime.date(2023, 4, 1), datetime.date(2024, 3, 31)
        ended = [step for step in steps if first <= step["end"] <= last]
        rows = [row for row in of(self.own, {"12"}) if row["period"] == "2023-24" and row["counted"] == "episodes"]
        self.assertEqual([row["denominator"] for row in rows], [len(ended)])

    def test_the_councils_own_standards_stand_beside(self):
        rows, report = figures(lambda folder, council: own_sources(folder, council)
                               + standards_source(folder, {"12": 45, "13": 30, "16": 9}), self.council)
        own = [row for row in rows if row["quantity"] == "own_standard"]
        self.assertEqual({row["metric"] for row in own}, {"12", "13"})
        key = lambda row: (row["metric"], row["period"], row["counted"])
        entry = {key(row): row for row in rows if row["quantity"] == "in_time"}
        # As many days as the entry's: the same figure. Fewer: of the same assessments no more, and in all less.
        for row in own:
            beside = entry[key(row)]
            self.assertEqual(row["denominator"], beside["denominator"])
            if row["metric"] == "12":
                self.assertEqual(row["numerator"], beside["numerator"])
            self.assertLessEqual(row["numerator"], beside["numerator"])
            self.assertIn("the council's own standard, which is not compared", row["note"])
        of_13 = [row for row in own if row["metric"] == "13"]
        self.assertLess(sum(row["numerator"] for row in of_13), sum(entry[key(row)]["numerator"] for row in of_13))
        self.assertEqual([row for row in rows if row["quantity"] != "own_standard"], self.own)
        self.assertIn("metric 16 has no standard in working days",
                      " ".join(issue["message"] for issue in report["issues"]))

    def test_the_commonest_paths_of_children(self):
        paths = [row for row in of(self.own, {"31"}) if row["quantity"].startswith("path:")]
        self.assertEqual({row["period"] for row in paths}, {"2021-22", "2022-23", "2023-24", "2024-25"})
        for row in paths:
            self.assertEqual(row["counted"], "children")
            self.assertAlmostEqual(row["value"], 100 * row["numerator"] / row["denominator"])
            states = row["quantity"].removeprefix("path:").split(">")
            self.assertTrue(set(states) <= {"none", "early_help", "social_care"})
            self.assertTrue(all(a != b for a, b in zip(states, states[1:])))
        self.assertEqual(of(self.own, {"31"}), of(self.ssd, {"31"}))

    def test_every_row_of_every_kind_is_read(self):
        read = {file["file"].rsplit("/", 1)[-1]: file["rows_read"] for file in self.report["files"]}
        self.assertEqual(read, {f"{kind}.csv": len(rows) for kind, rows in self.council.own.items()})


if __name__ == "__main__":
    sys.exit(unittest.main())
