"""Children in Need censuses through the real program, against Python's own reading of the same files."""

import datetime
import re
import sys
import unittest

from harness import SHARED_DATA
from returns_reference import Census
from returns_site import accounted, checked, left_out, measured, site

DATA = SHARED_DATA / "cin-census"
LARGE = DATA / "fake_CIN_data.xml"
EXTRACT = datetime.date(2022, 7, 21)
SOURCES = """[[source]]
format = "cin-census"
path = "census"
covered_from = 2020-07-22
extract_date = 2022-07-21
"""
YEAR = (datetime.date(2021, 4, 1), datetime.date(2022, 3, 31))
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def with_cases():
    """The large census with every second referral taken on: some with an assessment and a plan, as councils have."""
    text = LARGE.read_text()
    count = 0

    def take_on(match):
        nonlocal count
        count += 1
        if count % 2:
            return match.group()
        day = re.search(r"<CINreferralDate>(.*?)<", match.group()).group(1)
        more = ""
        if count % 3 == 0:
            more += (f"<Assessments><AssessmentActualStartDate>{day}</AssessmentActualStartDate>"
                     f"<AssessmentAuthorisationDate>{moved(day, 40)}</AssessmentAuthorisationDate></Assessments>")
        if count % 5 == 0:
            more += (f"<ChildProtectionPlans><CPPstartDate>{moved(day, 50)}</CPPstartDate><CPPendDate>{moved(day, 400)}"
                     "</CPPendDate><NumberOfPreviousCPP>1</NumberOfPreviousCPP></ChildProtectionPlans>")
        return match.group().replace("<ReferralNFA>true</ReferralNFA>", f"<ReferralNFA>false</ReferralNFA>{more}")

    return re.sub(r"<CINdetails>.*?</CINdetails>", take_on, text, flags=re.DOTALL)


def moved(day, by):
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=by)).isoformat()


def a_year_before(text):
    """The census of the year before: later referrals and closures have not happened."""
    reference = "2021-07-21"
    text = text.replace("<ReferenceDate>2022-07-21", f"<ReferenceDate>{reference}")
    text = re.sub(r"<CINclosureDate>(.*?)</CINclosureDate>\s*<ReasonForClosure>.*?</ReasonForClosure>",
                  lambda match: match.group() if match.group(1) <= reference else "", text)
    text = re.sub(r"<CPPendDate>(.*?)</CPPendDate>",
                  lambda match: match.group() if match.group(1) <= reference else "", text)
    return re.sub(r"<CINdetails>\s*<CINreferralDate>(.*?)<.*?</CINdetails>",
                  lambda match: match.group() if match.group(1) <= reference else "", text, flags=re.DOTALL)


def all_moved(text, by):
    """Another year: every date later by so many days."""
    return DATE.sub(lambda match: moved(match.group(), by), text)


def totals(report):
    return {key: report["totals"][key] for key in ("persons", "referrals", "cin", "cp")}


def expected(census):
    return {"persons": len(census.children()), "referrals": len(census.referred()), "cin": len(census.in_need()),
            "cp": len(census.protection_plans())}


class Censuses(unittest.TestCase):
    def place(self, folder, **files):
        (folder / "census").mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / "census" / f"{name}.xml").write_text(text)

    def test_the_large_census_whole(self):
        with site(SOURCES) as folder:
            self.place(folder, a=LARGE.read_text())
            report = checked(folder)
            census = Census([LARGE], EXTRACT)
            self.assertEqual(report["files"][0]["rows_read"], census.rows)
            self.assertTrue(accounted(report))
            self.assertEqual(left_out(report["files"][0]), census.rows - 332 - len(census.referred()))
            self.assertEqual(totals(report), expected(census))
            self.assertIn("council 975 at 2022-07-21", report["issues"][0]["message"])
            self.assertGreater(len(measured(folder, "all")), 0)

    def test_the_small_census_whole(self):
        with site(SOURCES.replace("2020-07-22", "1970-01-01").replace("2022-07-21", "2022-03-31")) as folder:
            self.place(folder, a=(DATA / "cin-2022.xml").read_text())
            report = checked(folder)
            self.assertTrue(accounted(report))
            self.assertEqual((report["files"][0]["rows_read"], report["files"][0]["rows_used"]), (6, 6))
            self.assertEqual(totals(report), {"persons": 1, "referrals": 1, "cin": 1, "cp": 1})

    def test_figures_equal_the_reference(self):
        with site(SOURCES) as folder:
            self.place(folder, a=with_cases())
            census = Census([folder / "census" / "a.xml"], EXTRACT)
            self.assertEqual(totals(checked(folder)), expected(census))
            self.assertGreater(len(census.in_need()), 100)
            self.assertGreater(len(census.protection_plans()), 30)

            referred = census.referred(*YEAR)
            rows = measured(folder, "19,22", "--period", "2021-22")
            of = lambda metric, quantity: [
                (row["numerator"], row["denominator"]) for row in rows
                if (row["metric"], row["quantity"], row["counted"]) == (metric, quantity, "episodes")]
            self.assertEqual(of("19", "nfa"), [(sum(map(census.nfa, referred.values())), len(referred))])
            sources = census.sources(*YEAR)
            for quantity, codes in (("1A", ["1A"]), ("1C", ["1C"]), ("schools", ["2A"]), ("housing", ["4"]),
                                    ("police", ["6"]), ("anonymous", ["9"]),
                                    ("health", ["3A", "3B", "3C", "3D", "3E", "3F"])):
                self.assertEqual(of("22", quantity), [(sum(sources[code] for code in codes), len(referred))], quantity)

    def test_two_years_count_once_whatever_the_order(self):
        later = with_cases()
        with site(SOURCES) as folder:
            self.place(folder, a=later)
            alone, figures = checked(folder), measured(folder, "all")
            self.assertGreater(len(figures), 50)
        for names in (("a", "b"), ("b", "a")):
            with site(SOURCES) as folder:
                self.place(folder, **dict(zip(names, (a_year_before(later), later))))
                report = checked(folder)
                self.assertTrue(accounted(report))
                self.assertEqual(report["totals"], alone["totals"])
                self.assertEqual(report["fields"], alone["fields"])
                earlier = report["files"][1]
                self.assertGreater(left_out(earlier, "a later file has the same record"), 300)
                self.assertEqual(measured(folder, "all"), figures)

    def test_years_add_up(self):
        first = with_cases()
        with site(SOURCES.replace("extract_date = 2022-07-21", "extract_date = 2023-07-21")) as folder:
            self.place(folder, a=first, b=all_moved(first, 365))
            census = Census(sorted((folder / "census").iterdir()), datetime.date(2023, 7, 21))
            report = checked(folder)
            self.assertTrue(accounted(report))
            self.assertEqual(totals(report), expected(census))
            self.assertGreater(len(census.referred()), 700)

    def test_another_council_is_refused(self):
        with site(SOURCES) as folder:
            self.place(folder, a=LARGE.read_text(), b=(DATA / "cin-2022.xml").read_text())
            self.assertRegex(checked(folder, expect=1), "council 201 and .*council 975")
        with site(SOURCES + "la_code = 805\n") as folder:
            self.place(folder, a=LARGE.read_text())
            self.assertRegex(checked(folder, expect=1), "a census of council 975; expected council 805")

    def test_a_file_that_is_cut_off_is_refused(self):
        with site(SOURCES) as folder:
            self.place(folder, a=LARGE.read_text()[:200_000])
            self.assertRegex(checked(folder, expect=1), r"a\.xml:\d+:\d+: the file ends here")


if __name__ == "__main__":
    if not DATA.is_dir():
        print(f"SKIP: no census files at {DATA}")
        sys.exit(0)
    unittest.main(verbosity=2)
