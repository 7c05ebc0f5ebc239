"""A council's pages, served by the real node: who may sign in, that their figures are the commands', and that what is
approved on them leaves, once, and nothing else does."""

import fractions
import html
import http.client
import json
import pathlib
import re
import threading
import unittest
import urllib.parse

import made_up
from approval_test import by_person
from harness import Federation, Process, free_port, moving_time, run, wait_until

PASSWORD = "a quiet garden"
PASSPHRASE = "five green bottles"
SCRIPT = '<script>alert("x")</script>'


class Browser:
    """Keeps cookies, and sends forms as a browser does from the server's own pages."""

    def __init__(self, port):
        self.port = port
        self.cookie = ""

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {"Sec-Fetch-Site": "same-origin"} if method == "POST" else {}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent.update(headers or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                self.cookie = value.partition(";")[0]
        connection.close()
        return answer

    def get(self, path, expect=200):
        answer = self.ask("GET", path)
        assert answer.status == expect, f"GET {path}: {answer.status}\n{answer.text[:2000]}"
        return answer.text

    def post(self, path, expect=303, headers=None, **form):
        answer = self.ask("POST", path, urllib.parse.urlencode(form), headers)
        assert answer.status == expect, f"POST {path}: {answer.status}, expected {expect}\n{answer.text[:2000]}"
        return answer

    def sign_in(self, name, password=PASSWORD):
        self.post("/sign-in", name=name, password=password, to="/")

    def token(self, page="/questionnaires"):
        return re.search(r'name="form_token" value="([0-9a-f]+)"', self.get(page)).group(1)


def account(config, name, role="viewer"):
    """Makes one; the line that it prints."""
    secrets = f"{PASSWORD}\n{PASSPHRASE}\n" if role == "approver" else f"{PASSWORD}\n"
    return run("waymark-node", "account", "add", name, "--role", role, "--config", config, stdin=secrets)[0].strip()


def add_pages(config, more=""):
    """Gives the node of a configuration pages; their port."""
    port = free_port()
    config.write_text(config.read_text() + f'\n[pages]\nlisten = "127.0.0.1:{port}"\n{more}')
    return port


def cells(page, caption):
    """The rows of the table with that caption, as texts."""
    table = next(t for t in re.findall(r"<table.*?</table>", page, re.S) if caption in t)
    return [[html.unescape(re.sub(r"<[^>]*>", " ", cell)).strip()
             for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
            for row in re.findall(r"<tr.*?</tr>", table, re.S)]


class Alone(unittest.TestCase):
    """Pages by `waymark-node pages`: before enrolment, without a policy or a network."""

    @classmethod
    def setUpClass(cls):
        cls.federation = Federation()
        configs, _, _ = made_up.prepare(cls.federation, 1, people=120)
        cls.config = next(iter(configs.values()))
        episodes = cls.config.parent / "ssd" / "ssd_early_help_episodes.csv"
        episodes.write_text(episodes.read_text().replace("Team A", '"<script>alert(""x"")</script>"'))
        cls.config.write_text(cls.config.read_text() + '[questionnaires]\nsystem_guide = "guide.toml"\n')
        cls.port = add_pages(cls.config, 'names = ["pages.council.example"]\n')
        account(cls.config, "mary")
        account(cls.config, "ig", "approver")
        cls.node = Process(cls.federation.directory / "pages.log", "waymark-node", "pages", "--config", cls.config)
        cls.federation.processes.append(cls.node)
        cls.browser = Browser(cls.port)
        wait_until(lambda: "pages served" in cls.node.log(), "the pages")
        cls.browser.sign_in("mary")
        wait_until(lambda: cls.browser.ask("GET", "/").status == 200, "the first reading")

    @classmethod
    def tearDownClass(cls):
        cls.federation.__exit__(None, None, None)

    def measured(self, metric, *more):
        return json.loads(run("waymark-node", "measure", "--config", self.config, "--metric", metric, "--json", *more)[0])

    def test_nothing_is_shown_to_who_is_not_signed_in(self):
        stranger = Browser(self.port)
        for path in ("/", "/leaving", "/ledger", "/data", "/metrics", "/metrics/1", "/caseload", "/briefing",
                     "/questionnaires", "/nowhere"):
            answer = stranger.ask("GET", path)
            self.assertEqual((answer.status, answer.getheader("Location").partition("?")[0]), (303, "/sign-in"), path)
            self.assertEqual(answer.text, "")
        self.assertIn("do not go together", stranger.post("/sign-in", 401, name="mary", password="another one").text)
        self.assertIn("do not go together", stranger.post("/sign-in", 401, name="nobody", password=PASSWORD).text)
        self.assertEqual(stranger.cookie, "")

    def test_guessing_ends(self):
        stranger = Browser(self.port)
        account(self.config, "guessed")
        for _ in range(5):
            stranger.post("/sign-in", 401, name="guessed", password="not this one")
        self.assertIn("Too many tries", stranger.post("/sign-in", 429, name="guessed", password=PASSWORD).text)

    def test_every_answer_keeps_figures_here(self):
        for path in ("/", "/metrics/16", "/ledger", "/sign-in"):
            answer = self.browser.ask("GET", path)
            self.assertEqual(answer.getheader("Cache-Control"), "no-store", path)
            policy = answer.getheader("Content-Security-Policy")
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertIsNone(answer.getheader("Access-Control-Allow-Origin"))
        self.assertRegex(self.sign_in_cookie(), r"HttpOnly; SameSite=Strict")

    def sign_in_cookie(self):
        fresh = Browser(self.port)
        return fresh.post("/sign-in", name="ig", password=PASSWORD, to="/").getheader("Set-Cookie")

    def test_the_first_page_has_the_figures_of_measure(self):
        page = self.browser.get("/")
        self.assertIn("Have we made a real difference", page)
        lines = dict((row[0].split("  ")[0].strip(), row) for row in cells(page, "Have we made a real difference"))
        for metric, quantity in (("16", "outcomes_met"), ("1", "any"), ("5", "any"), ("26", "repeat")):
            rows = [r for r in self.measured(metric) if r["counted"] == "episodes" or metric == "26"]
            longest = max((r["window_days"] or 0) for r in rows)
            newest = [r for r in rows if r["quantity"] == quantity and (r["window_days"] or 0) == longest and
                      r["completeness"] == "complete" and r["counted"] == rows[0]["counted"]][-1]
            line = next(row for title, row in lines.items() if title == rows[0]["title"])
            value = newest["reason"] if newest["value"] is None else f"{newest['value']:.1f}".rstrip("0").rstrip(".") + "%"
            self.assertIn(value, line[1], metric)
            self.assertIn(newest["period"], line[1])
            self.assertIn("no benchmark is kept here yet", line[3])
        # What is not there says why.
        self.assertIn("not available", page)

    def test_a_metrics_page_has_every_figure_of_measure(self):
        for metric, breakdown in (("16", ""), ("1", ""), ("10", ""), ("9", ""), ("16", "sex"), ("16", "service"), ("31", "")):
            rows = self.measured(metric, "--period", "2022-23", *(("--breakdown", breakdown) if breakdown else ()))
            page = self.browser.get(f"/metrics/{metric}?period=2022-23&breakdown={breakdown}")
            shown = re.findall(r'data-value="([-0-9.]*)"', page)
            for row in rows:
                if row["value"] is None or not row["quantity"]:
                    continue
                self.assertTrue(any(value and abs(float(value) - row["value"]) < 1e-5 for value in shown), (metric, row))

    def test_moves_and_trend_stand_in_their_tables_as_charts_read_them(self):
        rows = [row for row in self.measured("31", "--period", "2022-23")
                if ">" in row["quantity"] and not row["quantity"].startswith("path:")]
        page = self.browser.get("/metrics/31?period=2022-23")
        self.assertIn('data-chart="sankey" data-table="journeys-1-table"', page)
        table = re.search(r'id="journeys-1-table".*?</table>', page, re.S).group()
        labels = {"none": "No help", "early_help": "Early help", "social_care": "Social care"}
        flows = {(start, end): float(moves) for start, end, moves in
                 re.findall(r'data-from="([^"]+)" data-to="([^"]+)">.*?data-value="([^"]+)"', table, re.S)}
        self.assertEqual(flows, {tuple(labels[state] for state in row["quantity"].split(">")): row["numerator"] for row in rows})
        self.assertEqual(len(flows), 6)
        self.assertNotIn("journeys-1", self.browser.get("/metrics/16"))

        rows = self.measured("16")
        page = self.browser.get("/metrics/16")
        self.assertIn('data-chart="trend" data-table="trend-table"', page)
        table = re.search(r'id="trend-table".*?</table>', page, re.S).group()
        self.assertIn('data-series="Our figure"', table)
        shown = dict(re.findall(r'<th scope="row"[^>]*>([^<]+)</th>\s*<td[^>]* data-value="([^"]+)"', table))
        first = next(row for row in rows if row["value"] is not None)
        expected = {row["period"]: row["value"] for row in rows if row["value"] is not None and row["completeness"] == "complete" and
                    (row["quantity"], row["counted"], row["window_days"]) == (first["quantity"], first["counted"], first["window_days"])}
        self.assertEqual(set(shown), set(expected))
        self.assertGreater(len(shown), 1)
        for period, value in expected.items():
            self.assertAlmostEqual(float(shown[period]), value, places=5)

    def test_a_script_in_a_services_name_is_text(self):
        for path in ("/metrics/16?period=2022-23&breakdown=service", "/caseload", "/data"):
            page = self.browser.get(path)
            self.assertNotIn(SCRIPT, page)
            self.assertEqual(re.findall(r"<script(?! type=\"module\" src=\"/assets/)", page), [])
        self.assertIn(html.escape(SCRIPT, quote=True).replace("&#x27;", "&#39;"),
                      self.browser.get("/metrics/16?period=2022-23&breakdown=service").replace("&#34;", "&quot;"))

    def test_addresses_by_hand_get_a_plain_answer(self):
        for path, status in (("/metrics/nothing", 404), ("/metrics/16?period=1066", 400), ("/metrics/16?breakdown=x", 400),
                             ("/metrics/16?period=2022-23&period=2023-24", 400), ("/metrics/16?other=1", 400),
                             ("/leaving/nothing", 404), ("/leaving/..%2f..%2fsigning.key", 404), ("/nowhere", 404),
                             ("/questionnaires/nothing", 404), ("/questionnaires/system_guide?section=x", 404)):
            page = self.browser.get(path, status)
            self.assertIn("<h1", page, path)
            self.assertNotIn("waymark/v1", page)

    def test_data_quality_is_that_of_check_data(self):
        report = json.loads(run("waymark-node", "check-data", "--config", self.config, "--json")[0])
        page = html.unescape(self.browser.get("/data"))
        for file in report["files"]:
            self.assertIn(pathlib.Path(file["file"]).name, page)
        for finding in report["findings"]:
            if finding["count"]:
                self.assertIn(finding["what"], page)

    def test_a_form_of_another_page_does_nothing(self):
        token = self.browser.token("/briefing")
        before = re.search(r'name="before" value="([0-9a-f]+)"', self.browser.get("/briefing")).group(1)
        form = {"commentary": "from elsewhere", "before": before}
        self.browser.post("/briefing", 403, **form)
        self.browser.post("/briefing", 403, form_token="0" * len(token), **form)
        self.browser.post("/briefing", 403, headers={"Sec-Fetch-Site": "cross-site"}, form_token=token, **form)
        self.browser.post("/briefing", 403, headers={"Sec-Fetch-Site": None, "Origin": "http://evil.example"},
                          form_token=token, **form)
        self.assertNotIn("from elsewhere", self.browser.get("/briefing"))
        self.browser.post("/metrics/16", 405, form_token=token)

    def test_commentary_is_kept_once_and_by_nobody_elses_leave(self):
        token = self.browser.token("/briefing")
        before = re.search(r'name="before" value="([0-9a-f]+)"', self.browser.get("/briefing")).group(1)
        text = "Fewer families came back.\r\n\r\n" + SCRIPT
        for _ in range(2):
            self.browser.post("/briefing", form_token=token, before=before, commentary=text)
        page = self.browser.get("/briefing")
        self.assertIn("Fewer families came back.", page)
        self.assertNotIn(SCRIPT, page)
        self.assertIn("Nothing was saved",
                      self.browser.post("/briefing", 409, form_token=token, before=before, commentary="other").text)

    def test_the_questionnaire_is_filled_in_as_by_the_command(self):
        token = self.browser.token("/briefing")
        self.browser.post("/questionnaires/system_guide", form_token=token, begin="yes", period="2025-26")
        page = self.browser.get("/questionnaires/system_guide")
        file = re.search(r'name="file" value="([0-9a-f]+)"', page).group(1)
        section = re.search(r'name="section" value="([^"]+)"', page).group(1)
        question, answer = re.search(r'name="answer\.([^"]+)" type="radio" value="([^"]+)"', page).groups()
        form = {f"answer.{question}": answer, f"rationale.{question}": "because\r\nso", "section": section}
        self.browser.post("/questionnaires/system_guide", form_token=token, file=file, **form)
        shown = json.loads(run("waymark-node", "questionnaire", "show", "system_guide", "--config", self.config, "--json")[0])
        kept = next(a for a in shown["answers"] if a["question"] == question)
        self.assertEqual((kept["answer"], kept["rationale"]), (answer, "because\nso"))
        # The same form again is of a file that is another now.
        self.browser.post("/questionnaires/system_guide", 409, form_token=token, file=file, **form)
        page = self.browser.get("/questionnaires/system_guide")
        file = re.search(r'name="file" value="([0-9a-f]+)"', page).group(1)
        self.browser.post("/questionnaires/system_guide", 400, form_token=token, file=file, section=section,
                          **{f"answer.{question}": "perhaps"})

    def test_who_is_removed_is_out_at_once(self):
        account(self.config, "short")
        short = Browser(self.port)
        short.sign_in("short")
        short.get("/ledger")
        run("waymark-node", "account", "remove", "short", "--config", self.config)
        self.assertEqual(short.ask("GET", "/ledger").status, 303)

    def test_signing_out_ends_the_session(self):
        leaving = Browser(self.port)
        leaving.sign_in("ig")
        cookie, token = leaving.cookie, leaving.token("/briefing")
        leaving.post("/sign-out", 403)
        leaving.post("/sign-out", form_token=token)
        leaving.cookie = cookie
        self.assertEqual(leaving.ask("GET", "/ledger").status, 303)

    def test_nothing_is_answered_under_a_name_that_is_not_its_own(self):
        for host in ("evil.example", f"evil.example:{self.port}", f"127.0.0.1.evil.example:{self.port}", "127.evil.example",
                     "council.example", ""):
            for browser in (self.browser, Browser(self.port)):
                for method, path in (("GET", "/"), ("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/nowhere")):
                    answer = browser.ask(method, path, headers={"Host": host, "X-Forwarded-User": "mary"})
                    self.assertEqual(answer.status, 421, (host, path))
                    self.assertIn("<h1>Nothing is served under this name</h1>", answer.text)
                    self.assertNotIn("Test Council", answer.text)
                    self.assertIsNone(answer.getheader("Set-Cookie"))
        for host in ("localhost", f"LOCALHOST:{self.port}", "[::1]:1", "127.1.2.3:80", "pages.council.example", "PAGES.council.example:443"):
            self.assertEqual(self.browser.ask("GET", "/ledger", headers={"Host": host}).status, 200, host)

    def test_before_enrolment_nothing_has_left(self):
        self.assertIn("no ledger yet", self.browser.get("/ledger"))
        self.assertIn("No round waits for approval", self.browser.get("/leaving"))
        self.assertFalse((self.config.parent / "state" / "ledger.db").exists())


class WithARound(unittest.TestCase):
    def test_what_the_page_shows_is_what_is_approved_and_leaves(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 3, people=150)
            careful, *others = configs
            config = configs[careful]
            port = add_pages(config)
            account(config, "mary")
            keys = {name: account(config, name, "approver") for name in ("ig", "analyst")}
            for line in keys.values():
                self.assertRegex(line, r'^public_key = "[0-9a-f]{64}"$')
            by_person(config, keys, 2)
            federation.start_coordinator(catalogue=catalogue)
            for code in configs:
                federation.enrol(code, configs[code])
                federation.start_node(code, configs[code])
            browsers = {}
            wait_until(lambda: "pages served" in federation.nodes[careful].log(), "the pages")
            for name in ("mary", "ig", "analyst"):
                browsers[name] = Browser(port)
                browsers[name].sign_in(name)
            wait_until(lambda: browsers["mary"].ask("GET", "/").status == 200, "the first reading")
            federation.open_round(made_up.ROUND.format(id="paged", minutes=30))
            wait_until(lambda: "waits for approval" in federation.nodes[careful].log(), "the round to wait")

            preview = json.loads(run("waymark-node", "preview", "--config", config, "--round", "paged", "--json")[0])
            page = browsers["mary"].get("/leaving/paged")
            self.check_round(page, preview)
            self.assertNotIn('name="passphrase"', page)
            form = {"decision": "approve", "proposal": preview["proposal"], "passphrase": PASSPHRASE}
            viewer = browsers["mary"].token("/briefing")
            self.assertIn("may look", browsers["mary"].post("/leaving/paged", 403, form_token=viewer, **form).text)

            ig, analyst = browsers["ig"], browsers["analyst"]
            token = ig.token("/leaving/paged")
            ig.post("/leaving/paged", 403, **form)
            ig.post("/leaving/paged", 401, form_token=token, **{**form, "passphrase": "not this passphrase"})
            self.assertIn("Nothing was signed",
                          ig.post("/leaving/paged", 409, form_token=token, **{**form, "proposal": "0" * 64}).text)
            expired = Browser(port)
            expired.cookie = "waymark_council=" + "0" * 64
            self.assertIn("/sign-in", expired.post("/leaving/paged", form_token=token, **form).getheader("Location"))
            self.assertEqual(self.kinds(config), [])

            # Refused, nothing leaves and nobody can sign; taken back, they can.
            ig.post("/leaving/paged", form_token=token, decision="refuse")
            self.assertIn("refused by ig", browsers["mary"].get("/leaving"))
            analyst_token = analyst.token("/leaving/paged")
            self.assertIn("was refused by ig", analyst.post("/leaving/paged", 403, form_token=analyst_token, **form).text)
            wait_until(lambda: "not released" in str(federation.round("paged")), "the others to hear of it")
            ig.post("/leaving/paged", form_token=token, decision="take-back")

            # A double click is one approval, and so are two tabs.
            both = [threading.Thread(target=ig.post, args=("/leaving/paged",), kwargs={"form_token": token, **form})
                    for _ in range(2)]
            for one in both:
                one.start()
            for one in both:
                one.join()
            self.assertEqual(self.kinds(config), ["approval"])
            self.assertIn("1 of 2", ig.get("/leaving/paged"))
            analyst.post("/leaving/paged", form_token=analyst_token, **form)
            wait_until(lambda: all(c["answered"] for c in federation.round("paged")["councils"]), "the release")
            wait_until(lambda: self.kinds(config)[-1] == "acknowledged", "the receipt")
            self.assertEqual(self.kinds(config)[:2], ["approval", "approval"])
            # By the back button: it waits no longer.
            analyst.post("/leaving/paged", 404, form_token=analyst_token, **form)
            self.assertEqual(self.kinds(config).count("approval"), 2)
            ledger = json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])
            shown = cells(browsers["mary"].get("/ledger"), "Every figure that left")
            self.assertEqual([row[2] for row in shown[1:]], [row["metric"] for row in ledger["released"]])
            budget = cells(browsers["mary"].get("/ledger"), "By financial year")
            self.assertEqual([(row[0], row[3], row[4]) for row in budget[1:]],
                             [(year["year"], year["spent"], year["left"]) for year in ledger["budget"]])

    def check_round(self, page, preview):
        self.assertIn(preview["proposal"], page)
        for item in preview["items"]:
            for table in item.get("tables", []):
                rows = cells(page, "Would leave")
                for cell in table["cells"]:
                    self.assertIn([cell["category"] or "all", cell["part"]], [row[:2] for row in rows])
                    row = next(r for r in rows if r[:2] == [cell["category"] or "all", cell["part"]])
                    self.assertEqual((row[2], row[3], row[4]), (str(cell["exact"]), cell["would_leave"], cell["rule"]))
            if "charge" in item:
                charges = [float(fractions.Fraction(text)) for text in re.findall(r"Charge: epsilon ([0-9/]+) to each", page)]
                self.assertIn(float(item["charge"]), charges)
                self.assertIn(f"within {item['radius_95']}.", page)

    @staticmethod
    def kinds(config):
        shown = json.loads(run("waymark-node", "ledger", "show", "--config", config, "--json")[0])
        return [entry["kind"] for entry in shown["entries"]]


class BesideABenchmark(unittest.TestCase):
    """What a benchmark that says nothing says: figures that are all suppressed, and those of too few councils."""

    def ask(self, councils, people):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, councils, people=people)
            config = next(iter(configs.values()))
            port = add_pages(config)
            account(config, "mary")
            federation.start_coordinator(catalogue=catalogue)
            for code, each in configs.items():
                policy = each.parent / "policy.toml"
                # Linked figures leave in one mode: this one alone is allowed.
                policy.write_text(policy.read_text().partition("[[allow]]")[0]
                                  + '[[allow]]\nmetric = "5"\nversion = 1\nmode = "thresholded"\n')
                federation.enrol(code, each)
                federation.start_node(code, each)
            federation.open_round(made_up.round_text("quiet", made_up.item("5", "2022-23")))
            federation.wait_published("quiet")
            run("waymark-node", "position", "--config", config, "--metric", "5")
            node = federation.nodes[next(iter(configs))]
            node.stop()
            node.start()
            browser = Browser(port)
            wait_until(lambda: node.log().count("pages served") == 2, "the pages")
            browser.sign_in("mary")
            wait_until(lambda: browser.ask("GET", "/").status == 200, "the first reading")
            title = self.title("5", config)
            line, = [row for row in cells(browser.get("/"), "Have we made a real difference") if row[0].startswith(title)]
            return line

    @staticmethod
    def title(metric, config):
        return json.loads(run("waymark-node", "measure", "--config", config, "--metric", metric, "--json")[0])[0]["title"]

    def test_everything_is_suppressed(self):
        line = self.ask(councils=6, people=12)
        self.assertIn("suppressed: too few to be published", line[3])
        self.assertIn("suppressed: too few to be published", line[4])

    def test_one_council_alone_is_too_few(self):
        line = self.ask(councils=1, people=150)
        self.assertIn("too few councils to be published", line[3])
        self.assertIn("too few councils to be published", line[4])
        self.assertIn("%", line[1], "our own figure is there all the same")


class OverTime(unittest.TestCase):
    def test_a_session_ends_without_use(self):
        with Federation() as federation:
            configs, _, _ = made_up.prepare(federation, 1, people=20)
            config = next(iter(configs.values()))
            port = add_pages(config)
            account(config, "mary")
            with moving_time(federation.directory) as move:
                node = Process(federation.directory / "pages.log", "waymark-node", "pages", "--config", config)
            federation.processes.append(node)
            wait_until(lambda: "pages served" in node.log(), "the pages")
            browser = Browser(port)
            browser.sign_in("mary")
            wait_until(lambda: browser.ask("GET", "/briefing").status == 200, "the first reading")
            token = browser.token("/briefing")
            before = re.search(r'name="before" value="([0-9a-f]+)"', browser.get("/briefing")).group(1)
            form = {"form_token": token, "before": before, "commentary": "after the end"}
            move("+31m")
            # Abseil's clock follows within two seconds; what is asked meanwhile is of the time before.
            wait_until(lambda: browser.ask("GET", "/ledger").status == 303, "the end of the session", seconds=10)
            # A form of it does nothing, and it does not come back.
            self.assertIn("/sign-in", browser.post("/briefing", **form).getheader("Location"))
            browser.sign_in("mary")
            self.assertNotIn("after the end", browser.get("/briefing"))
            self.assertNotEqual(browser.token("/briefing"), token)


class ByAProxy(unittest.TestCase):
    def test_who_the_proxy_names_may_look_and_nobody_else(self):
        with Federation() as federation:
            configs, _, _ = made_up.prepare(federation, 1, people=60)
            config = next(iter(configs.values()))
            port = add_pages(config, 'sign_in = "proxy-header"\n')
            node = Process(federation.directory / "pages.log", "waymark-node", "pages", "--config", config)
            federation.processes.append(node)
            wait_until(lambda: "pages served" in node.log(), "the pages")
            browser = Browser(port)
            self.assertEqual(browser.ask("GET", "/ledger").status, 403)
            named = {"X-Forwarded-User": "lead@council.example"}
            self.assertEqual(browser.ask("GET", "/ledger", headers=named).status, 200)
            page = wait_until(lambda: (lambda a: a.text if a.status == 200 else "")(
                browser.ask("GET", "/briefing", headers=named)), "the first reading")
            token = re.search(r'name="form_token" value="([0-9a-f]+)"', page).group(1)
            before = re.search(r'name="before" value="([0-9a-f]+)"', page).group(1)
            form = {"form_token": token, "before": before, "commentary": "ours"}
            # Another person's session does not serve, nor does a request that the proxy gave no name.
            self.assertEqual(browser.ask("POST", "/briefing", urllib.parse.urlencode(form)).status, 403)
            browser.post("/briefing", 403, headers={"X-Forwarded-User": "else@council.example"}, **form)
            browser.cookie = ""
            token = re.search(r'name="form_token" value="([0-9a-f]+)"',
                              browser.ask("GET", "/briefing", headers=named).text).group(1)
            browser.post("/briefing", headers=named, **{**form, "form_token": token})


if __name__ == "__main__":
    unittest.main()
