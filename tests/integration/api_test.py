"""What is published, read by HTTP as Excel, Power BI and programs read it, through the real programs."""

import csv
import http.client
import io
import json
import re
import socket
import time
import unittest
import zipfile

import made_up
from harness import Federation, free_port, run

NORTH, SOUTH = made_up.REGIONS
SHORTHAND = {"[c]": "suppressed", "[x]": "not available", "[z]": "not applicable", "[low]": "rounds to zero",
             "[absent]": "absent", "[few]": "too few councils"}


class Api(unittest.TestCase):
    def test_what_is_published_is_read_by_http(self):
        with Federation() as self.federation:
            configs, _, catalogue = made_up.prepare(self.federation, 6, people=600)
            self.port = free_port()
            self.start(catalogue)
            for code, config in configs.items():
                policy = config.parent / "policy.toml"
                policy.write_text(policy.read_text() + '\n[[allow]]\nmetric = "31"\nversion = 1\nmode = "noised"\n')
                self.federation.enrol(code, config)
                self.federation.start_node(code, config)
            self.federation.open_round(made_up.ROUND.format(id="autumn", minutes=30) +
                                       made_up.item("31", "2022-23", "noised", epsilon="1"))
            self.federation.wait_published("autumn")
            self.analyst = self.token("power-bi", "national-analyst")
            self.check_every_documented_address()
            self.check_figures()
            self.check_metadata()
            self.check_conditional_requests()
            self.check_bad_parameters()
            self.check_roles()
            self.check_bad_requests()
            self.check_coverage()
            self.check_a_round_of_one_region()
            self.check_grants()
            self.check_many_requests()

    def start(self, catalogue):
        federation = self.federation
        federation.start_coordinator(catalogue=catalogue)
        federation.coordinator.stop()
        text = federation.config.read_text()
        federation.config.write_text(text.replace("[server]\n", f'[server]\nhttp_listen = "0.0.0.0:{self.port}"\n'))
        _, error = run("waymark-coordinator", "run", "--config", federation.config, expect=1)
        self.assertIn("on this machine alone", error)
        federation.config.write_text(text.replace("[server]\n", f'[server]\nhttp_listen = "127.0.0.1:{self.port}"\n'))
        federation.coordinator.start()
        federation.wait_for_coordinator()

    def token(self, name, role, *arguments):
        out = self.federation.directory / name
        run("waymark-coordinator", "access", "add", "--config", self.federation.config, "--name", name, "--role", role,
            "--token", "--out", out, *arguments)
        return out.read_text().split('token = "')[1].split('"')[0]

    def ask(self, target, token="", method="GET", status=200, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        body = body if "officedocument" in (answer.getheader("Content-Type") or "") else body.decode()
        connection.close()
        self.assertEqual(answer.status, status, (target, body[:500]))
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.assertEqual(self.headers.get("x-content-type-options"), "nosniff")
        return body

    def problem(self, target, status, *words, token=None):
        problem = json.loads(self.ask(target, self.analyst if token is None else token, status=status))
        self.assertEqual(self.headers["content-type"], "application/problem+json")
        self.assertEqual(problem["status"], status)
        for word in words:
            self.assertIn(word, problem["detail"])
        return problem

    def table(self, target, token=None):
        return list(csv.DictReader(io.StringIO(self.ask(target, token or self.analyst))))

    def check_every_documented_address(self):
        document = json.loads(self.ask("/api/v1/openapi.json"))
        self.assertEqual(document["openapi"][:2], "3.")
        self.assertGreater(len(document["paths"]), 5)
        for path, operations in document["paths"].items():
            operation = operations["get"]
            named = [each["name"] for each in operation["parameters"] if each["in"] == "path"]
            self.assertEqual(named, [path.split("{")[1].split("}")[0]] if "{" in path else [])
            target = path.replace("{metric}", "19").replace("{authority}", "E99000001")
            self.ask(target, status=401)
            self.assertEqual(self.headers["www-authenticate"], "Bearer")
            if "scorecards" in path:  # nothing was imported
                self.problem(target, 409, "import-published")
                continue
            if "journeys" in path:  # 19 tells of none
                self.problem(target, 400, "31")
                continue
            if "guide" in path:  # 19 is no questionnaire
                self.problem(target, 400, "41")
                continue
            body = self.ask(target, self.analyst)
            content_type, = operation["responses"]["200"]["content"]
            self.assertEqual(self.headers["content-type"], content_type, path)
            if "json" in content_type:
                json.loads(body)
        self.problem("/api/v1/nothing", 404, "openapi.json")
        self.ask("/api/v1/nothing", status=401)

    def check_figures(self):
        rows = self.table("/api/v1/tables/19.csv")
        documented = json.loads(self.ask("/api/v1/tables/19.json", self.analyst))["figures"]
        self.assertEqual(len(rows), len(documented))
        wanted = {}
        for breakdown in [()] + [("--breakdown", by) for by in self.breakdowns("19")]:
            for places in ((), ("--geography", ",".join(self.federation.nodes))):
                answer = json.loads(self.federation.waymark("benchmark", "--metric", "19", "--json", *breakdown, *places))
                for figure in answer["figures"]:
                    key = (figure["geography_code"], "|".join(figure["breakdown"].values()) or "Total",
                           figure["quantity"], figure["counted"], figure["window_days"])
                    wanted[key] = figure
        self.assertEqual(len(rows), len(wanted))
        shown = 0
        for row, other in zip(rows, documented):
            place = {"Local authority": row["new_la_code"], "Regional": row["region_code"],
                     "All participants": "participants"}[row["geographic_level"]]
            figure = wanted[place, row["category"], row["quantity"], row["counted"],
                            int(row["window_days"]) if row["window_days"] else None]
            self.assertEqual(row["status"], figure["status"])
            self.assertEqual(other["value"], figure["value"])
            self.assertEqual(other["shorthand"], figure["shorthand"])
            for name in ("lower", "upper", "numerator", "denominator"):
                self.assertEqual(row[name], "" if figure[name] is None else json.dumps(figure[name]))
            if figure["value"] is None:
                self.assertEqual(row["value"], figure["shorthand"])
                self.assertEqual(SHORTHAND[row["value"]], row["status"])
            else:
                shown += 1
                self.assertEqual(float(row["value"]), figure["value"])
            self.assertEqual((row["round_id"], row["country_code"]), ("autumn", "E92000001"))
            self.assertTrue(row["time_period"] and row["time_identifier"] and row["definition_version"] and row["unit"])
        self.assertGreater(shown, 0)
        self.assertEqual(len({row["new_la_code"] for row in rows if row["new_la_code"]}), 6)
        narrowed = self.table(f"/api/v1/tables/19.csv?geography={NORTH}&breakdown=none")
        self.assertEqual({row["region_code"] for row in narrowed}, {NORTH})
        self.assertEqual({row["category"] for row in narrowed}, {"Total"})

    def breakdowns(self, metric):
        entries = json.loads(self.ask("/api/v1/published", self.analyst))["published"]
        entry, = [entry for entry in entries if entry["metric"] == metric]
        self.assertIn("round=", entry["csv"])
        self.assertEqual(self.ask(entry["csv"], self.analyst), self.ask(f"/api/v1/tables/{metric}.csv", self.analyst))
        return entry["breakdowns"]

    def check_metadata(self):
        described = json.loads(self.ask("/api/v1/tables/19.csv-metadata.json", self.analyst))
        columns = [column["name"] for column in described["tableSchema"]["columns"]]
        header = self.ask("/api/v1/tables/19.csv", self.analyst).splitlines()[0].split(",")
        self.assertEqual(columns, header)
        value, = [column for column in described["tableSchema"]["columns"] if column["name"] == "value"]
        self.assertEqual(set(value["null"]), set(SHORTHAND))

    def check_conditional_requests(self):
        target = "/api/v1/tables/19.csv"
        body = self.ask(target, self.analyst)
        tag = self.headers["etag"]
        self.assertIn("private", self.headers["cache-control"])
        self.assertEqual(self.ask(target, self.analyst, status=304, If_None_Match=tag), "")
        self.assertEqual(self.ask(target, self.analyst, status=304, If_None_Match=f'"other", W/{tag}'), "")
        self.assertEqual(self.ask(target, self.analyst, If_None_Match='"other"'), body)
        # Whoever may not read it is not told that it is unchanged.
        self.ask(target, status=401, If_None_Match=tag)
        self.assertEqual(self.ask(target, self.analyst, method="HEAD"), "")
        self.assertEqual(int(self.headers["content-length"]), len(body.encode()))

    def check_bad_parameters(self):
        table = "/api/v1/tables/19.csv"
        for target, status, words in (
                (f"{table}?verzion=1", 400, ("verzion", "version")),
                (f"{table}?version=x", 400, ("version",)),
                (f"{table}?version=7", 404, ("version",)),
                (f"{table}?period=soon", 400, ("soon", "2024-25")),
                (f"{table}?period=2024-25&period=2023-24", 400, ("given twice",)),
                (f"{table}?breakdown=shoe_size", 400, ("shoe_size",)),
                (f"{table}?geography=E0600000X", 400, ("E0600000X",)),
                (f"{table}?geography={NORTH},{NORTH}", 400, ("twice",)),
                (f"{table}?round=spring", 404, ("spring",)),
                (f"{table}?unit=persons", 400, ("episodes",)),
                (f"{table}?window=-1", 400, ("window",)),
                ("/api/v1/tables/19%27%3B%20DROP%20TABLE%20rounds%3B--.csv", 400, ("not in the catalogue",)),
                ("/api/v1/metrics/190", 404, ("190",)),
                ("/api/v1/scorecards/Hartlepool.csv?until=soon", 400, ("until",))):
            self.problem(target, status, *words)
        for target in (f"{table}?period=%00", f"{table}?period=%2", f"{table}?" + "&".join(["a=b"] * 65)):
            self.ask(target, self.analyst, status=400)
        self.check_figures()

    def check_roles(self):
        lead = self.token("lead", "regional-lead", "--regions", NORTH)
        rows = self.table("/api/v1/tables/19.csv", lead)
        self.assertEqual({row["region_code"] for row in rows if row["geographic_level"] != "All participants"}, {NORTH})
        self.problem(f"/api/v1/tables/19.csv?geography={SOUTH}", 403, NORTH, token=lead)
        auditor = self.token("auditor", "auditor")
        self.problem("/api/v1/tables/19.csv", 403, "may not call", token=auditor)
        self.ask("/api/v1/metrics", auditor)
        self.problem("/api/v1/metrics", 401, token="waymark_" + "0" * 64)
        run("waymark-coordinator", "access", "revoke", "--config", self.federation.config, "--name", "lead")
        self.problem("/api/v1/metrics", 401, token=lead)

    def raw(self, text, wait=20):
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(text)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            return answer.decode(errors="replace")

    def check_bad_requests(self):
        self.ask("/api/v1/metrics", self.analyst, method="POST", status=405)
        self.assertEqual(self.headers["allow"], "GET, HEAD")
        self.assertEqual(self.headers["content-type"], "application/problem+json")
        # One that goes on sending a body that nobody wants still reads why it was refused.
        answer = self.raw(b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 1000000)
        self.assertIn(" 413 ", answer.splitlines()[0])
        self.assertEqual(json.loads(answer.split("\r\n\r\n")[1])["status"], 413)
        self.assertIn(" 400 ", self.raw(b"\x16\x03\x01 this is TLS, it may be\r\n\r\n").splitlines()[0])
        self.assertIn(" 400 ", self.raw(b"GET http://elsewhere/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").splitlines()[0])
        self.assertIn(" 431 ", self.raw(b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n\r\n").splitlines()[0])
        self.assertIn(" 413 ", self.raw(b"GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello").splitlines()[0])
        # One that never ends its request is let go, and meanwhile others are answered.
        started = time.monotonic()
        slow = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        slow.sendall(b"GET /api/v1/metrics HTTP/1.1\r\nHost: here\r\n")
        self.ask("/api/v1/metrics", self.analyst)
        self.assertEqual(slow.recv(10), b"")
        self.assertLess(time.monotonic() - started, 30)
        slow.close()

    def check_a_round_of_one_region(self):
        """It hides nothing of the round of everyone, whose table stays whole and has its own address for ever."""
        before = self.ask("/api/v1/tables/19.csv?round=autumn", self.analyst)
        text = made_up.ROUND.format(id="north", minutes=30)
        items = text.split("[[item]]")
        self.federation.open_round(items[0].replace("data_version = 1", f'data_version = 1\ngeographies = ["{NORTH}"]')
                                   + "[[item]]" + items[3])
        self.federation.wait_published("north")
        self.assertEqual(self.ask("/api/v1/tables/19.csv?round=autumn", self.analyst), before)
        self.assertEqual(self.ask("/api/v1/tables/19.csv", self.analyst), before)
        rows = self.table("/api/v1/tables/19.csv?round=north")
        self.assertEqual({row["round_id"] for row in rows}, {"north"})

    def check_coverage(self):
        """Of published figures that are made up for the made-up councils: twice as many children each."""
        asked = ("coverage", "--metric", "19")
        self.assertIn("import-published", self.federation.waymark(*asked))
        path = self.federation.write("ages.csv", "time_period,geographic_level,old_la_code,age_group,population_estimate\n"
                                     + "".join(f"2024,Local authority,{101 + i},Children aged 0 to 17 years,{1000 * 2 ** i}\n"
                                               for i in range(6)))
        run("waymark-coordinator", "import-published", "--config", self.federation.config, path)
        answer = json.loads(self.federation.waymark(*asked, "--json"))
        self.assertEqual([council["takes_part"] for council in answer["councils"]], [True] * 6)
        self.assertEqual([(place["code"], place["participants"]) for place in answer["places"]],
                         [("E92000001", 6), (NORTH, 3), (SOUTH, 3)])
        children = answer["places"][2]["measures"][0]
        self.assertEqual((children["place"], children["participants"]), (56000, 100))
        self.assertIn("3 of 3 authorities take part", self.federation.waymark(*asked))

    def check_grants(self):
        """Each token reads at every address exactly its part of what an analyst reads; first, and from what is kept."""
        every = {"1", "10", "19", "31"}
        grants = {self.token("north", "regional-lead", "--regions", NORTH): (every, NORTH),
                  self.token("south", "regional-lead", "--regions", SOUTH): (every, SOUTH),
                  self.token("nineteen", "national-analyst", "--metrics", "19"): ({"19"}, ""),
                  self.token("moves", "regional-lead", "--regions", SOUTH, "--metrics", "31"): ({"31"}, SOUTH)}
        library = self.ask("/api/v1/metrics", self.analyst)
        for token, (metrics, region) in [*grants.items(), *grants.items()]:
            self.assertEqual(self.ask("/api/v1/metrics", token), library)  # definitions are public
            self.check_list(token, metrics, region)
            for metric in sorted(every):
                if metric not in metrics:
                    self.check_nothing_of(metric, token)
                else:
                    self.check_table(metric, token, region)
            if "31" in metrics:
                self.check_moves(token, region)
            self.check_scorecard(token, metrics)
        self.check_scorecard(self.token("spend", "national-analyst", "--metrics", "38"), {"38"})

    def check_list(self, token, metrics, region):
        entries = json.loads(self.ask("/api/v1/published", self.analyst))["published"]
        self.assertEqual({entry["metric"]: entry["round_id"] for entry in entries},
                         {"1": "autumn", "10": "autumn", "19": "north", "31": "autumn"})
        seen = json.dumps([entry for entry in entries if entry["metric"] in metrics])
        if region == SOUTH:  # what was asked of the north alone is none of theirs: 19 is what it was before
            seen = seen.replace('"north"', '"autumn"').replace("round=north", "round=autumn")
        self.assertEqual(json.loads(self.ask("/api/v1/published", token))["published"], json.loads(seen))

    def check_table(self, metric, token, region):
        def is_seen(row):
            return not region or row["geographic_level"] == "All participants" or row["region_code"] == region
        address = f"/api/v1/tables/{metric}"
        whole = list(filter(is_seen, self.table(f"{address}.csv?round=autumn")))
        tag = self.headers["etag"]
        self.assertEqual({row["region_code"] for row in whole}, {"", region} if region else {"", NORTH, SOUTH})
        self.assertEqual(self.table(f"{address}.csv?round=autumn", token), whole)
        self.assertEqual(self.headers["vary"], "Authorization, Cookie")
        own_tag = self.headers["etag"]
        # Whose table is another is not told that it is unchanged, and the other way round.
        self.assertEqual(own_tag == tag, not region)
        if region:
            self.ask(f"{address}.csv?round=autumn", token, If_None_Match=tag)
            self.ask(f"{address}.csv?round=autumn", self.analyst, If_None_Match=own_tag)
        self.ask(f"{address}.csv?round=autumn", token, status=304, If_None_Match=own_tag)
        documented = json.loads(self.ask(f"{address}.json?round=autumn", self.analyst))["figures"]
        self.assertEqual(json.loads(self.ask(f"{address}.json?round=autumn", token))["figures"],
                         list(filter(is_seen, documented)))
        book = zipfile.ZipFile(io.BytesIO(self.ask(f"{address}.xlsx?round=autumn", token)))
        text = "".join(book.read(name).decode() for name in book.namelist())
        councils = {row["new_la_code"] for row in whole if row["new_la_code"]}
        self.assertEqual(set(re.findall(r"E990000\d\d", text)), councils)
        self.assertEqual(set(re.findall(r"E129999\d\d", text)), {region} if region else {NORTH, SOUTH})
        self.ask(f"{address}.csv-metadata.json", token)
        if region:
            beyond, = set(made_up.REGIONS) - {region}
            for place in (beyond, next(code for code in self.federation.nodes if code not in councils)):
                self.problem(f"{address}.csv?geography={place}", 403, region, token=token)
        if region == SOUTH:
            self.problem(f"{address}.csv?round=north", 404, token=token)

    def check_nothing_of(self, metric, token):
        """Nor whether it is published, nor whether it has changed."""
        addresses = [f"/api/v1/tables/{{}}.{form}" for form in ("csv", "json", "xlsx", "csv-metadata.json")]
        addresses += [f"/api/v1/journeys/{{}}.{form}" for form in ("csv", "json")] if metric == "31" else []
        for address in addresses:
            target = address.format(metric)
            self.ask(target, self.analyst)
            tag, status = self.headers["etag"], 404 if "metadata" in address else 403
            refused = self.problem(target, status, token=token)
            if "journeys" not in address:
                unpublished = self.problem(address.format("2"), status, token=token)
                self.assertEqual(refused["detail"], unpublished["detail"].replace('"2"', f'"{metric}"'))
            for named in (tag, "*"):
                self.ask(target, token, status=status, If_None_Match=named)
                self.assertNotIn("etag", self.headers)

    def check_moves(self, token, region):
        for place in ("", "participants", *made_up.REGIONS, *self.federation.nodes):
            is_seen = place in ("", "participants", region) or self.region_of(place) == region
            narrowed = f"?geography={place}" if place else ""
            moves, diagram = f"/api/v1/journeys/31.csv{narrowed}", f"/api/v1/journeys/31.json{narrowed}"
            if not is_seen:
                self.problem(moves, 403, region, token=token)
                self.problem(diagram, 403, region, token=token)
                continue
            whole = self.ask(moves, self.analyst)
            self.assertIn("none,", whole)
            self.assertEqual(self.ask(moves, token), whole)
            whole = json.loads(self.ask(diagram, self.analyst))
            whole["coverage"] = [one for one in whole["coverage"] if self.region_of(one["council"]) == region]
            self.assertEqual(len(whole["coverage"]), 3)
            self.assertEqual(json.loads(self.ask(diagram, token)), whole)

    def region_of(self, council):
        places = list(self.federation.nodes)
        return list(made_up.REGIONS)[places.index(council) * 2 // len(places)] if council in places else ""

    def check_scorecard(self, token, metrics):
        """Published statistics are public, so of every place; but of the metrics that were granted."""
        for authority in self.federation.nodes:
            target = f"/api/v1/scorecards/{authority}.json"
            whole = json.loads(self.ask(target, self.analyst))
            tag = self.headers["etag"]
            lines = {row["metric"] for row in whole["rows"]}
            self.assertTrue(lines)
            limited = not metrics >= {"1", "10", "19", "31"}  # else by region alone
            whole["rows"] = [row for row in whole["rows"] if not limited or row["metric"] in metrics]
            self.assertEqual(json.loads(self.ask(target, token, If_None_Match=tag if limited else '"other"')), whole)

    def check_many_requests(self):
        """More than 600 in a minute, of one token alone."""
        hasty = self.token("hasty", "national-analyst")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        statuses = []
        for _ in range(1300):  # in two minutes at most one of them begins anew
            connection.request("GET", "/api/v1/metrics/19", headers={"Authorization": f"Bearer {hasty}"})
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
            if answer.status == 429:
                self.assertEqual(answer.getheader("Retry-After"), "60")
                break
        connection.close()
        self.assertEqual(statuses[-1], 429)
        self.assertGreaterEqual(len(statuses), 601)
        self.assertEqual(set(statuses[:-1]), {200})
        self.ask("/api/v1/metrics", self.analyst)


if __name__ == "__main__":
    unittest.main()
