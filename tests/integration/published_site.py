"""A coordinator with a published round that serves its pages, for the tests of the pages."""

import http.client
import shutil
import urllib.parse

import made_up
from harness import BIN, Federation, free_port, run, wait_until

# What stands where a council's name does. A page says it and does not do it.
EVIL_NAME = '<script>document.title="x"</script>"\'&amp; {{title}}'
LONG_NAME = "Royal Borough of Long-Name upon Thames with Saint-Somewhere-in-the-Marshes " * 2


POLICY = made_up.POLICY + """breakdowns = ["sex"]

[[allow]]
metric = "9"
version = 1
mode = "noised"

[[allow]]
metric = "31"
version = 1
mode = "noised"
"""

# Of every kind of page something: three periods (of the first everything is suppressed), a curve, journeys, noised and
# thresholded figures, a breakdown.
ROUND = made_up.round_text(
    "autumn", made_up.item("1", "2022-23", "noised", epsilon="1", windows=[183, 365], units=["episodes", "families"]),
    made_up.item("10", "2022-23", "noised", epsilon="1/2"), made_up.item("9", "2022-23", "noised", epsilon="1"),
    made_up.item("19", "2021-22"), made_up.item("19", "2022-23"),
    made_up.item("19", "2023-24", breakdowns=["sex"]), made_up.item("31", "2022-23", "noised", epsilon="1"))


class Answer:
    def __init__(self, answer, body):
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.body = body

    @property
    def text(self):
        return self.body.decode()


class Visitor:
    """Asks the pages on a port of this machine, and keeps the session's cookie."""

    def __init__(self, port):
        self.port = port
        self.cookie = ""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def ask(self, target, form=None, cookie=None, **headers):
        """GET, or POST of a form from the site's own page; with the session's cookie unless another is given."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        cookie = self.cookie if cookie is None else cookie
        if cookie:
            headers["Cookie"] = cookie
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            headers.setdefault("Origin", self.address)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET" if form is None else "POST", target, body=body,
                           headers={name: value for name, value in headers.items() if value})
        answer = connection.getresponse()
        answer = Answer(answer, answer.read())
        connection.close()
        return answer

    def sign_in(self, token, to="/"):
        answer = self.ask("/sign-in", form={"token": token, "to": to})
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer


class PublishedSite(Visitor):
    """Use as a context manager. `councils`: how many take part; 0: no round is opened, and with `areas` the catalogue has
    England's authorities. `silent`: the last so many answer nothing before the round is closed. `make_store`: is given a path,
    where it puts a store in place of the coordinator's empty one."""

    def __init__(self, councils=6, people=600, evil=True, areas=False, silent=0, make_store=None):
        super().__init__(free_port())
        self.councils, self.people, self.evil, self.areas, self.silent = councils, people, evil, areas, silent
        self.make_store = make_store
        self.federation = Federation()

    @property
    def store(self):
        return self.federation.directory / "coordinator-state" / "waymark.db"

    def __enter__(self):
        self.federation.__enter__()
        try:
            self.start()
        except BaseException as error:
            self.federation.__exit__(type(error), error, None)
            raise
        return self

    def __exit__(self, kind, error, trace):
        self.federation.__exit__(kind, error, trace)

    def start(self):
        federation = self.federation
        configs, _, catalogue = made_up.prepare(federation, self.councils or 3, people=self.people)
        if self.areas:
            shutil.copy(BIN.parent / "share" / "waymark" / "catalogue" / "areas.textproto", catalogue)
        elif self.evil:
            areas = (catalogue / "areas.textproto").read_text()
            quoted = EVIL_NAME.replace('"', '\\"').replace("'", "\\'")
            areas = areas.replace('"Test Council 1"', f'"{quoted}"').replace('"Test Council 2"', f'"{LONG_NAME.strip()}"')
            (catalogue / "areas.textproto").write_text(areas)
        federation.start_coordinator(catalogue=catalogue)
        federation.coordinator.stop()
        text = federation.config.read_text()
        federation.config.write_text(text.replace("[server]\n", f'[server]\nhttp_listen = "127.0.0.1:{self.port}"\n'
                                                'http_names = ["benchmarks.example.org"]\n'))
        if self.make_store:
            for file in self.store.parent.glob(self.store.name + "*"):
                file.unlink()
            self.make_store(self.store)
        federation.coordinator.start()
        federation.wait_for_coordinator()
        self.analyst = self.token("analyst", "national-analyst")
        if self.councils == 0:
            return
        talking = len(configs) - self.silent
        for i, (code, config) in enumerate(configs.items()):
            (config.parent / "policy.toml").write_text(POLICY)
            federation.enrol(code, config)
            if i < talking:
                federation.start_node(code, config)
        federation.open_round(ROUND)
        if self.silent:
            wait_until(lambda: sum(council["answered"] for council in federation.round("autumn")["councils"]) == talking,
                       "those who answer")
            federation.waymark("round", "close", "autumn")
        federation.wait_published("autumn")

    def token(self, name, role, *arguments):
        out = self.federation.directory / name
        run("waymark-coordinator", "access", "add", "--config", self.federation.config, "--name", name, "--role", role,
            "--token", "--out", out, *arguments)
        return out.read_text().split('token = "')[1].split('"')[0]
