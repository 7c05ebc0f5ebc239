"""The national pages as a browser without scripts gets them: what they say, whom they let in, what they refuse."""

import html.parser
import json
import re
import tempfile
import unittest
import urllib.parse

import made_up
from harness import SHARED_DATA, moving_time, run, wait_until
from published_site import EVIL_NAME, PublishedSite

NORTH, SOUTH = made_up.REGIONS


class Page(html.parser.HTMLParser):
    """Tables as rows of (text, attributes), links, forms' fields, and whether there is a script in the page itself."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tables, self.links, self.fields, self.scripts, self.words = {}, [], {}, [], []
        self.table = self.row = self.cell = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.table = self.tables.setdefault(attributes.get("id", f"table-{len(self.tables)}"), [])
        elif tag == "tr" and self.table is not None:
            self.row = {"attributes": attributes, "cells": []}
            self.table.append(self.row)
        elif tag in ("td", "th") and self.row is not None:
            self.cell = {"attributes": attributes, "text": ""}
            self.row["cells"].append(self.cell)
        elif tag == "a":
            self.links.append(attributes.get("href", ""))
        elif tag == "input":
            self.fields[attributes.get("name")] = attributes.get("value", "")
        elif tag == "script":
            self.scripts.append(attributes)

    def handle_endtag(self, tag):
        if tag == "table":
            self.table = None
        elif tag == "tr":
            self.row = None
        elif tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        self.words.append(data)
        if self.cell is not None:
            self.cell["text"] += data

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


class Pages(unittest.TestCase):
    def test_the_national_pages(self):
        with PublishedSite() as self.site:
            self.check_signing_in()
            self.check_headers()
            self.check_list()
            self.check_numbers_equal_the_api()
            self.check_downloads_take_the_session()
            self.check_narrowing()
            self.check_trend()
            self.check_councils()
            self.check_curve()
            self.check_journeys()
            self.check_report()
            self.check_rounds()
            self.check_names_are_only_said()
            self.check_addresses_by_hand()
            self.check_roles()
            self.check_forms_from_elsewhere()
            self.check_names_of_the_server()
            self.check_signing_out()
            self.check_a_revoked_token_ends_its_sessions()

    def page(self, target, status=200, **more):
        answer = self.site.ask(target, **more)
        self.assertEqual(answer.status, status, (target, answer.text[-2000:]))
        page = Page(answer.text)
        self.assertEqual(answer.headers["content-type"], "text/html; charset=utf-8")
        self.assertEqual(answer.headers["cache-control"], "no-store")
        # One script of our own; none stands in the page.
        self.assertEqual([set(script) for script in page.scripts], [{"type", "src"}])
        return page

    def check_signing_in(self):
        away = self.site.ask("/metrics/19?geography=" + NORTH)
        self.assertEqual((away.status, away.headers["location"]),
                         (303, f"/sign-in?to=%2Fmetrics%2F19%3Fgeography%3D{NORTH}"))
        page = self.page(away.headers["location"])
        self.assertEqual(page.fields["to"], f"/metrics/19?geography={NORTH}")
        for token in ("", "waymark_" + "0" * 64, "x" * 5000, "<script>"):
            refused = self.site.sign_in(token)
            self.assertEqual(refused.status, 401)
            self.assertNotIn("set-cookie", refused.headers)
            self.assertIn("There is a problem", refused.text)
        for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"):
            self.assertEqual(self.site.sign_in(self.site.analyst, elsewhere).headers["location"], "/")
        answer = self.site.sign_in(self.site.analyst, page.fields["to"])
        self.assertEqual((answer.status, answer.headers["location"]), (303, page.fields["to"]))
        self.assertRegex(answer.headers["set-cookie"],
                         r"^waymark_national=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict$")
        self.assertNotIn(self.site.analyst, answer.headers["set-cookie"])
        behind_tls = self.site.ask("/sign-in", form={"token": self.site.analyst}, cookie="-=-", X_Forwarded_Proto="https",
                                   Origin="https://" + self.site.address.removeprefix("http://"))
        self.assertTrue(behind_tls.headers["set-cookie"].endswith("; Secure"))

    def check_headers(self):
        style, script = re.search(r'href="(/assets/[^"]+\.css)"[\s\S]*src="(/assets/[^"]+\.js)"',
                                  self.site.ask("/").text).groups()
        for target in ("/", "/sign-in", "/nowhere", "/api/v1/metrics", style, script):
            headers = self.site.ask(target).headers
            self.assertEqual(headers["content-security-policy"],
                             "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                             "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'", target)
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(headers["referrer-policy"], "same-origin")
            self.assertEqual(headers["cross-origin-opener-policy"], "same-origin")
        for target in (style, script):
            whole = self.site.ask(target, cookie="-=-")
            self.assertIn("immutable", whole.headers["cache-control"])
            small = self.site.ask(target, cookie="-=-", Accept_Encoding="gzip")
            self.assertEqual(small.headers["content-encoding"], "gzip")
            self.assertLess(len(small.body), len(whole.body))
        for target in ("/assets/", "/assets/..%2Ftemplates%2Flayout.mustache", "/assets/../manifest.json", "/manifest.json"):
            self.assertEqual(self.site.ask(target).status, 404, target)

    def check_list(self):
        page = self.page("/")
        self.assertIn("Featured comparisons", page.text)
        self.assertLess(page.text.index("Featured comparisons"), page.text.index("Everything else"))
        for metric in ("1", "10", "19"):
            self.assertIn(f"/metrics/{metric}", page.links)
        self.assertIn("Nothing is published of this metric yet", self.page("/metrics/22").text
                      if "/metrics/22" in page.links else "Nothing is published of this metric yet")

    def api(self, target):
        answer = self.site.ask(target)
        self.assertEqual(answer.status, 200, (target, answer.text[:500]))
        return json.loads(answer.text)

    def rows(self, page):
        """(place or category, counts) → the attributes of its figure, over all sections."""
        found = []
        for name, table in page.tables.items():
            if re.fullmatch(r"section-\d+-table", name):
                for row in table[1:]:
                    figure = row["cells"][1]
                    found.append((row["attributes"]["data-code"], row["cells"][0]["text"], figure["attributes"],
                                  figure["text"].strip()))
        return found

    def check_numbers_equal_the_api(self):
        shown = missing = 0
        for target in ("/metrics/19", f"/metrics/19?geography={NORTH}", "/metrics/19?geography=E99000003",
                       "/metrics/1", "/metrics/10", f"/metrics/1?geography={SOUTH}",
                       f"/metrics/19?breakdown=sex&geography={NORTH}", "/metrics/19?breakdown=age_band"):
            if "breakdown=" in target and not self.has_breakdown(target):
                continue
            page = self.page(target)
            address, = [link for link in page.links if "/api/v1/tables/" in link and ".json" in link]
            figures = self.api(address)["figures"]
            rows = self.rows(page)
            self.assertEqual(len(rows), len(figures), target)
            self.assertGreater(len(rows), 0)
            for (code, name, attributes, text), figure in zip(rows, sorted(figures, key=lambda each: self.section(each, figures))):
                self.assertEqual(name, figure["category"] if "breakdown=" in target else self.name_of(figure))
                if figure["value"] is None:
                    missing += 1
                    self.assertTrue(attributes["data-state"].startswith(figure["shorthand"]), (attributes, figure))
                    self.assertNotIn("data-value", attributes)
                    self.assertTrue(text.startswith(figure["shorthand"]))
                    continue
                shown += 1
                self.assertEqual(float(attributes["data-value"]), figure["value"])
                for mark, column in (("data-low", "lower"), ("data-high", "upper")):
                    self.assertEqual(attributes[mark], "" if figure[column] is None else attributes[mark])
                    if figure[column] is not None:
                        self.assertEqual(float(attributes[mark]), figure[column])
                self.assertAlmostEqual(float(re.match(r"-?[\d.]+", text).group()), figure["value"], delta=0.51)
            definition = self.api("/api/v1/metrics/" + re.search(r"/metrics/([^?]+)", target).group(1))
            self.assertIn(" ".join(definition["definition"].split()), page.text)
            self.assertIn(f"version {definition['version']}", page.text)
        self.assertGreater(shown, 20)

    def check_narrowing(self):
        whole = self.page("/metrics/1")
        for words, kept in (("window=183", lambda f: f["window_days"] == 183), ("unit=families", lambda f: f["counted"] == "families"),
                            ("window=365&unit=episodes", lambda f: (f["window_days"], f["counted"]) == (365, "episodes"))):
            page = self.page(f"/metrics/1?geography={NORTH}&{words}")
            chosen = urllib.parse.parse_qs(words)
            address, = [link for link in page.links if "/api/v1/tables/" in link and ".json" in link]
            figures = self.api(address)["figures"]
            self.assertTrue(all(kept(figure) for figure in figures))
            self.assertEqual(len(self.rows(page)), len(figures))
            self.assertLess(0, len(figures))
            self.assertLess(len(page.tables), len(whole.tables))
            # Files, the permanent link and the other views keep it; so do the forms, without scripts.
            for link in page.links:
                if re.match(r"/(api/v1/tables/1\.|metrics/1[/?])", link):
                    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)
                    self.assertEqual({name: asked.get(name) for name in chosen}, chosen, link)
            for view in ("", "/trend", "/councils"):
                text = self.site.ask(f"/metrics/1{view}?{words}").text
                self.assertEqual(set(re.findall(r'<select class="govuk-select" id="(window|unit)"', text)), {"window", "unit"}, view)
                for name, (value,) in chosen.items():
                    options = re.search(rf'id="{name}".*?</select>', text, re.S).group()
                    self.assertEqual(re.findall(r'value="([^"]*)" selected', options), [value], (view, name))
            tables = lambda page: [name for name in page.tables if re.fullmatch(r"section-\d+-table", name)]
            for view in ("trend", "councils"):
                self.assertLess(len(tables(self.page(f"/metrics/1/{view}?{words}"))), len(tables(self.page(f"/metrics/1/{view}"))))
        self.assertNotIn('id="window"', self.site.ask("/metrics/19").text)
        self.assertNotIn('id="unit"', self.site.ask("/metrics/19").text)
        for view in ("", "/trend", "/councils"):
            for words in ("window=7", "unit=shoes", "window=x", "unit=children"):
                self.page(f"/metrics/1{view}?{words}", status=400)

    def has_breakdown(self, target):
        published = self.api("/api/v1/published")["published"]
        return any(re.search(r"breakdown=(\w+)", target).group(1) in entry["breakdowns"]
                   for entry in published if entry["metric"] == "19")

    @staticmethod
    def section(figure, figures):
        """Where its section stands: those of one quantity, window and unit are together, as they first come."""
        key = lambda each: (each["quantity"], each["window_days"], each["counted"])
        return [key(each) for each in figures].index(key(figure))

    @staticmethod
    def name_of(figure):
        return figure["la_name"] or figure["region_name"] or "All participants"

    def cells(self, page, table):
        """{label of a row: its cells that have a number or a state, in their order}"""
        return {row["cells"][0]["text"].split(" (changed")[0]:
                [cell["attributes"] for cell in row["cells"][1:] if "data-value" in cell["attributes"] or "data-state" in cell["attributes"]]
                for row in page.tables[table][1:]}

    def is_figure(self, attributes, figure):
        if figure["value"] is None:
            self.assertTrue(attributes["data-state"].startswith(figure["shorthand"]), (attributes, figure))
        else:
            self.assertEqual(float(attributes["data-value"]), figure["value"])

    def check_trend(self):
        page = self.page(f"/metrics/19/trend?geography={NORTH}")
        rows = self.cells(page, "section-1-table")
        self.assertEqual(list(rows), ["2021-22", "2022-23", "2023-24"])
        for period, cells in rows.items():
            for cell, code in zip(cells, (NORTH, "participants")):
                figure, = self.api(f"/api/v1/tables/19.json?period={period}&breakdown=none&geography={code}")["figures"]
                self.is_figure(cell, figure)
        self.assertIn("From 2022-23 to 2023-24", page.text)

    def check_councils(self):
        page = self.page("/metrics/19/councils?geography=E99000003")
        figures = self.api("/api/v1/tables/19.json?breakdown=none&geography=" + ",".join(
            f"E9900000{i}" for i in range(1, 7)))["figures"]
        rows = self.cells(page, "section-1-table")
        self.assertEqual(len(rows), 6)
        for figure in figures:
            self.is_figure(rows[figure["la_name"]][0], figure)
        limits = [row["attributes"] for row in page.tables["section-1-table"][1:]]
        shown = [row for row in limits if row.get("data-alarm-lower")]
        self.assertGreater(len(shown), 2)
        for row in shown:
            bounds = [float(row[f"data-{name}"]) for name in ("alarm-lower", "warning-lower", "target", "warning-upper", "alarm-upper")]
            self.assertEqual(bounds, sorted(bounds))

    def check_curve(self):
        page = self.page(f"/metrics/9/curve?geography={NORTH}")
        compared = 0
        for figure in self.api(f"/api/v1/tables/9.json?curve=yes&geography={NORTH}")["figures"]:
            if re.fullmatch(r"survival_\d+", figure["quantity"]):
                self.is_figure(self.cells(page, "section-1-table")[figure["quantity"].split("_")[1]][0], figure)
                compared += 1
        self.assertGreater(compared, 10)
        self.page("/metrics/19/curve", status=400)

    def check_journeys(self):
        page = self.page("/metrics/31/journeys")
        diagram, = self.api("/api/v1/journeys/31.json")["diagrams"]
        labels = [node["label"] for node in diagram["nodes"]]
        links = {(labels[link["source"]], labels[link["target"]]): link["value"] for link in diagram["links"]}
        rows = {(row["attributes"]["data-from"], row["attributes"]["data-to"]): row["cells"][2]["attributes"]
                for row in page.tables["section-1-table"][1:]}
        self.assertEqual(set(rows), set(links))
        for move, value in links.items():
            self.assertEqual(value, None if "data-state" in rows[move] else float(rows[move]["data-value"]))
        self.page("/metrics/19/journeys", status=400)

    def check_report(self):
        self.assertIn(f"/reports/{NORTH}?period=2022-23", self.page("/reports").links)
        page = self.page(f"/reports/{NORTH}?period=2022-23")
        rows = page.tables["spine-table"][1:]
        figures = [figure for metric in ("1", "10", "19", "31", "9") for figure in self.api(
            f"/api/v1/tables/{metric}.json?period=2022-23&breakdown=none&geography={NORTH}")["figures"]]
        shown = [row["cells"][1]["attributes"].get("data-value") for row in rows]
        self.assertEqual(sorted(float(value) for value in shown if value is not None),
                         sorted(figure["value"] for figure in figures if figure["value"] is not None))
        self.assertEqual(len(rows), len(figures))
        self.page("/reports/E12000001", status=404)
        self.page(f"/reports/{NORTH}?period=2010-11", status=404)

    def check_rounds(self):
        page = self.page("/rounds")
        self.assertIn("6 of 6 councils gave a table", page.text)
        self.assertNotIn("Answered", page.text)  # of rounds an analyst is told nothing

    def check_downloads_take_the_session(self):
        page = self.page("/metrics/19")
        for kind in ("csv", "xlsx", "json"):
            address, = [link for link in page.links if f".{kind}?" in link]
            self.assertEqual(self.site.ask(address).status, 200)
            self.assertEqual(self.site.ask(address, cookie="-=-").status, 401)
        permanent, = [link for link in page.links if link.startswith("/metrics/19?") and "round=autumn" in link]
        self.assertEqual(self.rows(self.page(permanent)), self.rows(page))

    def check_names_are_only_said(self):
        page = self.page(f"/metrics/19?geography={NORTH}")
        self.assertIn(EVIL_NAME, [row[1] for row in self.rows(page)])
        self.page("/metrics/19?geography=E99000001")
        answer = self.site.ask("/metrics/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        self.assertEqual(answer.status, 404)
        self.assertNotIn("<script>alert", answer.text)

    def check_addresses_by_hand(self):
        for target, status in (("/metrics/19?period=soon", 400), ("/metrics/19?geography=E0600000X", 400),
                               ("/metrics/19?breakdown=shoe_size", 400), ("/metrics/19?verzion=1", 400),
                               ("/metrics/19?version=x", 400), ("/metrics/19?version=7", 404), ("/metrics/19?round=spring", 404),
                               ("/metrics/19?period=2024-25&period=2023-24", 400), ("/metrics/190", 404), ("/metrics/", 404),
                               ("/?x=1", 400), ("/nowhere", 404), (f"/metrics/19?geography={NORTH},{SOUTH}", 400)):
            page = self.page(target, status=status)
            self.assertTrue(page.text)
            self.assertIn("/", page.links)
        for target in ("/%00", "/metrics/19?period=%0A", "/metrics/19?" + "&".join(["a=b"] * 65)):
            self.assertEqual(self.site.ask(target).status, 400, target)
        self.assertEqual(self.site.ask("/metrics/19", form={"a": "b"}).status, 405)
        self.assertEqual(self.site.ask("/sign-in", form={"token": "x" * 70000}).status, 413)
        self.assertEqual(self.site.ask("/sign-in", form={"token": "x"}, Content_Type="text/plain").status, 415)

    def check_roles(self):
        mine, self.site.cookie = self.site.cookie, ""
        self.site.sign_in(self.site.token("lead", "regional-lead", "--regions", NORTH))
        rows = self.rows(self.page("/metrics/19"))
        self.assertNotIn(SOUTH, {row[0] for row in rows})
        self.assertIn("Answered", self.page("/rounds").text)
        for target in ("/", "/reports", f"/reports/{NORTH}", "/metrics/19/trend", "/metrics/19/councils", "/metrics/9/curve",
                       "/metrics/31/journeys", "/scorecards"):
            text = self.page(target).text
            self.assertNotIn("Test Region South", text, target)
            self.assertNotIn("Test Council 4", text, target)
        self.page(f"/reports/{SOUTH}", status=403)
        self.page(f"/metrics/19/trend?geography={SOUTH}", status=403)
        self.page(f"/metrics/19?geography={SOUTH}", status=403)
        self.site.sign_in(self.site.token("auditor", "auditor"))
        self.page("/", status=403)
        self.site.cookie = mine

    def check_forms_from_elsewhere(self):
        token = self.page("/").fields["form_token"]
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"},
                        {"Origin": "", "Sec_Fetch_Site": "same-site"}):
            self.assertEqual(self.site.ask("/sign-out", form={"form_token": token}, **headers).status, 403, headers)
            self.assertEqual(self.site.ask("/sign-in", form={"token": self.site.analyst}, **headers).status, 403)
        for wrong in ({}, {"form_token": ""}, {"form_token": "0" * 64}):
            self.assertEqual(self.site.ask("/sign-out", form=wrong).status, 403)
        self.page("/")

    def check_names_of_the_server(self):
        for host in ("evil.example", f"127.0.0.1.evil.example:{self.site.port}", "127.evil.example"):
            for target in ("/", "/sign-in", "/api/v1/openapi.json", "/api/v1/metrics"):
                answer = self.site.ask(target, Host=host)
                self.assertEqual(answer.status, 421, (host, target))
                self.assertIn("<h1>Nothing is served under this name</h1>", answer.text)
        for host in ("localhost:1", "benchmarks.example.org", "Benchmarks.example.org:443"):
            self.assertEqual(self.site.ask("/", Host=host).status, 200, host)

    def check_signing_out(self):
        first, other = self.site.cookie, self.site.sign_in(self.site.analyst)
        self.assertEqual(self.site.ask("/", cookie=first).status, 303)  # signing in anew ended it
        answer = self.site.ask("/sign-out", form={"form_token": self.page("/").fields["form_token"]})
        self.assertEqual((answer.status, answer.headers["location"]), (303, "/sign-in"))
        self.assertIn("Max-Age=0", answer.headers["set-cookie"])
        self.assertEqual(self.site.ask("/").status, 303)
        self.assertEqual(self.site.ask("/api/v1/metrics").status, 401)
        self.assertEqual(self.site.ask("/sign-out", form={}).status, 303)  # twice does no harm

    def check_a_revoked_token_ends_its_sessions(self):
        self.site.sign_in(self.site.token("leaver", "national-analyst"))
        self.page("/")
        run("waymark-coordinator", "access", "revoke", "--config", self.site.federation.config, "--name", "leaver")
        self.assertEqual(self.site.ask("/").status, 303)
        self.assertEqual(self.site.ask("/api/v1/metrics").status, 401)


class Published(unittest.TestCase):
    @unittest.skipUnless(SHARED_DATA.is_dir(), "the published files are not here")
    def test_scorecards_without_any_node(self):
        with PublishedSite(councils=0, areas=True) as site:
            site.sign_in(site.analyst)
            self.assertIn("No published statistics were imported", site.ask("/scorecards").text)
            run("waymark-coordinator", "import-published", "--config", site.federation.config, SHARED_DATA / "dfe")
            answer = site.ask("/scorecards?authority=E06000001")
            self.assertEqual(answer.status, 200, answer.text[-500:])
            rows = Page(answer.text).tables["expected-table"][1:]
            self.assertGreater(len(rows), 140)
            for code in ("E06000001", "E09000033", "Hartlepool"):
                card = json.loads(site.ask(f"/api/v1/scorecards/{code}.json").text)
                page = Page(site.ask(f"/scorecards/{code}").text)
                for number, row in enumerate(card["rows"], 1):
                    cells = [each["cells"][1]["attributes"] for each in page.tables[f"section-{number}-table"][1:]]
                    for attributes, place in zip(cells, ("own", "neighbours", "region", "england"), strict=True):
                        if row[place]["value"] is None:
                            self.assertTrue(attributes["data-state"].startswith(row[place]["shorthand"]))
                        else:
                            self.assertEqual(float(attributes["data-value"]), row[place]["value"])
                    # The gap on the card is what came less what was expected.
                    if row["metric"] == "35" and row["own"]["value"] is not None:
                        point, = [each for each in rows if f"/scorecards/{card['code']}" in str(each) or
                                  each["cells"][0]["text"] == card["name"]]
                        gap = float(point["cells"][1]["attributes"]["data-value"]) - float(point["attributes"]["data-x"])
                        self.assertAlmostEqual(gap, row["own"]["value"], places=6)
            self.assertEqual(site.ask("/scorecards/Atlantis").status, 404)


class OverTime(unittest.TestCase):
    def test_a_session_ends_without_use(self):
        with tempfile.TemporaryDirectory() as folder, moving_time(folder) as move, PublishedSite(councils=0) as site:
            site.sign_in(site.analyst)
            cookie = site.cookie
            self.assertEqual((site.ask("/").status, site.ask("/api/v1/metrics").status), (200, 200))
            move("+31m")
            # Abseil's clock follows within two seconds; what is asked meanwhile is of the time before.
            wait_until(lambda: site.ask("/").status == 303, "the end of the session", seconds=10)
            self.assertEqual(site.ask("/api/v1/metrics").status, 401)
            site.sign_in(site.analyst)
            self.assertEqual((site.ask("/").status, site.ask("/", cookie=cookie).status), (200, 303))


class NothingYet(unittest.TestCase):
    def test_pages_before_anything_is_published(self):
        with PublishedSite(councils=0) as site:
            site.sign_in(site.analyst)
            self.assertIn("Nothing is published yet", site.ask("/").text)
            for target in ("/reports", "/rounds"):
                self.assertIn("Nothing is published yet", site.ask(target).text)
            for target in ("/metrics/19/trend", "/metrics/19/councils", "/metrics/9/curve", "/metrics/31/journeys"):
                self.assertEqual(site.ask(target).status, 404, target)
            answer = site.ask("/metrics/19")
            self.assertEqual(answer.status, 200)
            self.assertIn("Nothing is published of this metric yet", answer.text)


if __name__ == "__main__":
    unittest.main()
