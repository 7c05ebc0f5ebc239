"""A council's pages in Chromium, against a real node with a round that waits, and one without data."""

import subprocess
import sys
import unittest

from national_test import HERE, missing

sys.path.insert(0, str(HERE.parent / "integration"))
import made_up  # noqa: E402
from approval_test import by_person  # noqa: E402
from council_pages_test import Browser, account, add_pages  # noqa: E402
from harness import Federation, Process, wait_until  # noqa: E402

LONG = "The Early Help and Family Support Partnership of the Northern Wards " * 3
TEAM = f'"<script>document.title=""x""</script>{LONG}"'


class Council(unittest.TestCase):
    def test_the_councils_pages_in_a_browser(self):
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 2, people=150)
            code, other = configs
            config = configs[code]
            episodes = config.parent / "ssd" / "ssd_early_help_episodes.csv"
            episodes.write_text(episodes.read_text().replace("Team A", TEAM, 40))
            config.write_text(config.read_text().replace("Test Council 1", "Test Council " + "of a very long name " * 5)
                              + '[questionnaires]\nsystem_guide = "guide.toml"\n')
            addresses = [f"http://127.0.0.1:{add_pages(config)}", f"http://127.0.0.1:{self.without_data(federation, configs[other])}"]
            account(config, "mary")
            by_person(config, {name: account(config, name, "approver") for name in ("ig", "analyst")}, 2)
            federation.start_coordinator(catalogue=catalogue)
            federation.enrol(code, config)
            federation.enrol(other, configs[other])
            node = federation.start_node(code, config)
            federation.processes.append(Process(federation.directory / "empty.log", "waymark-node", "pages", "--config",
                                                configs[other]))
            federation.open_round(made_up.ROUND.format(id="browsed", minutes=30))
            wait_until(lambda: "waits for approval" in node.log(), "the round to wait")
            for address in addresses:
                browser = Browser(int(address.rpartition(":")[2]))
                wait_until(lambda: self.answers(browser), "the pages")
                browser.sign_in("mary")
                wait_until(lambda: browser.ask("GET", "/").status == 200, "the first reading")
            done = subprocess.run(["node", HERE / "council.mjs", *addresses, config.parent / "state" / "ledger.db"], capture_output=True, text=True, timeout=800)
            print(done.stdout)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @staticmethod
    def answers(browser):
        try:
            return browser.ask("GET", "/sign-in").status == 200
        except OSError:
            return False

    @staticmethod
    def without_data(federation, config):
        """A council whose records cover no whole quarter."""
        config.write_text(config.read_text().replace("covered_from = 2021-04-01", "covered_from = 2025-06-01"))
        account(config, "mary")
        return add_pages(config)


if __name__ == "__main__":
    if reason := missing():
        print("SKIP:", reason)
        sys.exit(0)
    unittest.main()
