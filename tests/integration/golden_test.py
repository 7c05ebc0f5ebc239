"""Golden reports: what check-data and measure say of the made-up files of other projects, whole, against the reports in
golden/. They hold counts of ours alone, nothing of the files. After a change that is meant: golden_test.py --write."""

import pathlib
import sys
import unittest

from harness import SHARED_DATA
from returns_site import checked, measured, site

GOLDEN = pathlib.Path(__file__).parent / "golden"
CENSUS = """[[source]]
format = "cin-census"
path = "{path}"
covered_from = 2020-07-22
extract_date = 2022-07-21
"""
# Report → what it reads, and the source.
REPORTS = {
    "annex_a": (SHARED_DATA / "annex-a" / "Annex_A.xlsx", """[[source]]
format = "annex-a"
path = "{path}"
covered_from = 2020-09-16
extract_date = 2021-03-16
"""),
    # Of two councils.
    "cin_census": (SHARED_DATA / "cin-census" / "cin-2022.xml", CENSUS),
    "cin_census_large": (SHARED_DATA / "cin-census" / "fake_CIN_data.xml", CENSUS),
    "ssda903": (SHARED_DATA / "ssda903", """[[source]]
format = "ssda903"
path = "{path}"
covered_from = 2015-04-01
extract_date = 2018-03-31
"""),
}


def rows_of(report):
    """Every row of every file: used, or left out and why."""
    for file in report["files"]:
        name = file["file"].rsplit("/", 1)[-1]
        yield f"{name}: {file['rows_read']} rows, {file['rows_used']} used"
        for kind in ("left_out", "notes"):
            for entry in file[kind]:
                yield f"  {kind.replace('_', ' ')}: {entry['rows']} {entry['reason']}"
        unknown = {}
        for code in file["unknown_codes"]:
            unknown.setdefault(code["field"], []).append(code.get("rows") or 0)
        for field, counts in sorted(unknown.items()):
            yield f"  unknown codes of {field}: {len(counts)} in {sum(counts)} rows"


def figures_of(rows):
    """The figures of all members, by episodes, that are there; and for what reasons others are not."""
    missing = {}
    for row in rows:
        if row["counted"] not in ("episodes", None):
            continue
        if row["status"] != "shown":
            missing.setdefault(row["reason"], {})[row["metric"]] = None
            continue
        window = f" within {row['window_days']} days" if row["window_days"] else ""
        of = "" if row["denominator"] is None else f" of {row['denominator']}"
        yield (f"{row['metric']} {row['period']}{window} {row['quantity']}: {row['numerator']}{of}"
               f"{'' if row['completeness'] == 'complete' else ', ' + row['completeness']}")
    yield ""
    for reason, metrics in missing.items():
        yield f"{', '.join(metrics)}: {reason}"


def golden(path, source):
    with site(source.format(path=path)) as folder:
        report = checked(folder)
        figures = measured(folder, "all")
    lines = [*rows_of(report), "", *(f"{kind}: {count}" for kind, count in report["totals"].items()), ""]
    lines += [f"{field['field']}: {field['complete']} of {field['records']}" for field in report["fields"]]
    return "\n".join([*lines, "", *figures_of(figures)]) + "\n"


class GoldenReports(unittest.TestCase):
    maxDiff = None

    def check(self, name):
        path, source = REPORTS[name]
        if not path.exists():
            print(f"not compared: {name}, whose files are not at hand")
            self.skipTest("no data")
        self.assertEqual(golden(path, source), (GOLDEN / f"{name}.txt").read_text(encoding="utf-8"))

    def test_annex_a(self):
        self.check("annex_a")

    def test_children_in_need_censuses(self):
        self.check("cin_census")
        self.check("cin_census_large")

    def test_ssda903(self):
        self.check("ssda903")


if __name__ == "__main__":
    if not SHARED_DATA.is_dir():
        print("SKIP: the made-up files are not at hand")
        sys.exit(0)
    if sys.argv[1:] == ["--write"]:
        for report_name, (data, toml) in REPORTS.items():
            (GOLDEN / f"{report_name}.txt").write_text(golden(data, toml), encoding="utf-8")
        sys.exit(0)
    unittest.main()
