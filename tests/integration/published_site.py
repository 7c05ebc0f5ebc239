"""A coordinator with a published round that serves its pages, for the tests of the pages."""

import http.client
import urllib.parse

import made_up
from harness import Federation, free_port, run

# What stands where a council's name does. A page says it and does not do it.
EVIL_NAME = '<script>document.title="x"</script>"\'&amp; {{title}}'
LONG_NAME = "Royal Borough of Long-Name upon Thames with Saint-Somewhere-in-the-Marshes " * 2


class Answer:
    def __init__(self, answer, body):
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        self.body = body

    @property
    def text(self):
        return self.body.decode()


class PublishedSite:
    """Use as a context manager. `councils`: how many take part; 0: nothing is published."""

    def __init__(self, councils=6, people=600, evil=True, round_text=None):
        self.councils, self.people, self.evil = councils, people, evil
        self.round_text = round_text or made_up.ROUND.format(id="autumn", minutes=30)
        self.federation = Federation()
        self.port = free_port()
        self.cookie = ""

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
        configs, _, catalogue = made_up.prepare(federation, max(self.councils, 3), people=self.people)
        if self.evil:
            areas = (catalogue / "areas.textproto").read_text()
            quoted = EVIL_NAME.replace('"', '\\"').replace("'", "\\'")
            areas = areas.replace('"Test Council 1"', f'"{quoted}"').replace('"Test Council 2"', f'"{LONG_NAME.strip()}"')
            (catalogue / "areas.textproto").write_text(areas)
        federation.start_coordinator(catalogue=catalogue)
        federation.coordinator.stop()
        text = federation.config.read_text()
        federation.config.write_text(text.replace("[server]\n", f'[server]\nhttp_listen = "127.0.0.1:{self.port}"\n'))
        federation.coordinator.start()
        federation.wait_for_coordinator()
        self.analyst = self.token("analyst", "national-analyst")
        if self.councils == 0:
            return
        for code, config in configs.items():
            federation.enrol(code, config)
            federation.start_node(code, config)
        federation.open_round(self.round_text)
        federation.wait_published("autumn")

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def token(self, name, role, *arguments):
        out = self.federation.directory / name
        run("waymark-coordinator", "access", "add", "--config", self.federation.config, "--name", name, "--role", role,
            "--token", "--out", out, *arguments)
        return out.read_text().split('token = "')[1].split('"')[0]

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
