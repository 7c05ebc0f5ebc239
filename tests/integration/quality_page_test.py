"""check-data --html on an extract with hostile column names and codes, read by html.parser: sound, accessible, and nothing
from the files has become markup."""

import html.parser
import json
import pathlib
import tempfile
import unittest

from harness import run

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(html.parser.HTMLParser):
    """Checks nesting, and keeps what there is of each element."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.text, self.tables = [], [], "", []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append({"caption": "", "columns": 0, "rows": []})
        if tag == "th" and dict(attributes).get("scope") == "col":
            self.tables[-1]["columns"] += 1
        if tag == "tr" and "tbody" in self.open:
            self.tables[-1]["rows"].append([])
        if tag in ("th", "td") and "tbody" in self.open:
            self.tables[-1]["rows"][-1].append("")

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        self.text += data
        if "caption" in self.open:
            self.tables[-1]["caption"] += data
        if "tbody" in self.open and self.open[-1] in ("th", "td"):
            self.tables[-1]["rows"][-1][-1] += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


class QualityPageTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(self.folder.name)
        column = HOSTILE.replace('"', '""')
        (folder / "cases.csv").write_text(
            f'Child,Opened,Closed,Why,"{column}"\n'
            f'1,2024-05-01,2024-06-01,"{column}",x\n'
            f'1,2024-05-10,2024-07-01,Goals,x\n'
            f'2,2024-13-45,,Goals,x\n'
            f'3,2024-05-01,2024-06-01,Goals,x\n'
            f'3,2024-05-01,2024-06-01,Goals,x\n'
            f'4,2031-01-01,,Goals,x\n')
        title = "A <b>council</b> & 'more'"
        (folder / "node.toml").write_text(f'''
[council]
code = "E06000001"
name = "{title}"
[[source]]
format = "event-log"
path = "cases.csv"
covered_from = 2024-04-01
extract_date = 2025-06-30
[source.mapping]
shape = "episodes"
level = "early_help"
person = "Child"
start = "Opened"
end = "Closed"
end_reason = "Why"
source = '{HOSTILE}'
[source.mapping.codes.end_reason]
Goals = "outcomes_met"
''')
        output, _ = run("waymark-node", "check-data", "--config", folder / "node.toml", "--json", "--html",
                        folder / "report.html")
        self.report = json.loads(output)
        self.html = (folder / "report.html").read_text(encoding="utf-8")
        self.page = Page(self.html)

    def tearDown(self):
        self.folder.cleanup()

    def table(self, caption):
        found, = [table for table in self.page.tables if table["caption"].startswith(caption)]
        return found

    def test_nothing_from_the_files_is_markup(self):
        self.assertEqual(self.page.all("script") + self.page.all("img") + self.page.all("b"), [])
        self.assertIn("A <b>council</b> & 'more'", self.page.text)
        self.assertIn(HOSTILE[:40], self.page.text)
        for tag, attributes in self.page.elements:
            for name, value in attributes.items():
                self.assertFalse(name.startswith("on"), (tag, name))
                self.assertNotRegex(value or "", r"(?i)^\s*(javascript|data|https?):")

    def test_the_page_stands_by_itself_and_is_accessible(self):
        self.assertEqual(self.page.all("html"), [{"lang": "en-GB"}])
        self.assertEqual(len(self.page.all("h1")), 1)
        self.assertEqual(len(self.page.all("main")), 1)
        self.assertEqual(len(self.page.all("title")), 1)
        self.assertNotIn("src=", self.html.replace("src=x", ""))
        self.assertIn({"name": "viewport", "content": "width=device-width, initial-scale=1"}, self.page.all("meta"))
        ids = [attributes["id"] for _, attributes in self.page.elements if "id" in attributes]
        self.assertEqual(len(ids), len(set(ids)))
        for link in self.page.all("a"):
            self.assertIn(link["href"][1:], ids)
        self.assertGreater(len(self.page.tables), 5)
        for table in self.page.tables:
            self.assertTrue(table["caption"])
            self.assertTrue(table["rows"])
            for row in table["rows"]:
                self.assertEqual(len(row), table["columns"], table["caption"])
        for heading in self.page.all("th"):
            self.assertIn(heading["scope"], ("col", "row"))

    def test_the_page_has_the_figures_of_the_json(self):
        fields = {row[0]: row[1:3] for row in self.table("Filled in and understood")["rows"]}
        self.assertEqual(fields, {field["field"]: [str(field["complete"]), str(field["records"])]
                                  for field in self.report["fields"]})
        checks = {row[0]: row[2:4] for row in self.table("Checks over all records")["rows"]}
        self.assertEqual(checks, {finding["what"]: [str(finding["count"]), str(finding["of"])]
                                  for finding in self.report["findings"]})
        self.assertEqual(self.table("Rows of each file")["rows"][0][1:], ["6", "3", "3"])
        overlap, = [finding for finding in self.report["findings"] if finding["id"] == "overlap.early_help"]
        self.assertEqual((overlap["count"], overlap["of"]), (1, 3))

    def test_each_metric_that_cannot_be_computed_says_why(self):
        states = {(state["metric"], state["window_days"]): state for state in self.report["metrics"]}
        self.assertEqual(states["19", None]["completeness"], "not available")
        self.assertIn("no source carries", states["19", None]["reason"])
        self.assertEqual(states["16", None]["completeness"], "complete")
        self.assertEqual(states["1", 365]["completeness"], "partial")
        listed = [row[0] for row in self.table("Metrics that are not whole")["rows"]]
        self.assertIn("19", listed)
        self.assertNotIn("16", listed)


if __name__ == "__main__":
    unittest.main()
