"""Officers whose keys are in PKCS#11 tokens (SoftHSM): they sign rosters and catalogues as those with key files do, and what is
wrong with URI, PIN, token or key is said in words. The PIN is never on a command line."""

import json
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import termios
import time
import unittest

import made_up
from harness import BIN, Federation, run

MODULES = list(pathlib.Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"))
PIN = "hunter-271828"


@unittest.skipUnless(MODULES and shutil.which("softhsm2-util"), "SoftHSM is not installed")
class Pkcs11(unittest.TestCase):
    def setUp(self):
        self.federation = Federation().__enter__()
        folder = self.federation.directory
        (folder / "tokens").mkdir()
        config = self.federation.write("softhsm2.conf",
                                       f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
        self.kept = os.environ.get("SOFTHSM2_CONF")
        os.environ["SOFTHSM2_CONF"] = str(config)
        for label in ("officers", "spare"):
            subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "security", "--pin", PIN],
                           check=True, capture_output=True)
        self.pin = self.secret("pin", PIN + "\n")

    def tearDown(self):
        if self.kept is None:
            os.environ.pop("SOFTHSM2_CONF")
        else:
            os.environ["SOFTHSM2_CONF"] = self.kept
        self.federation.__exit__(None, None, None)

    def secret(self, name, text):
        path = self.federation.write(name, text)
        path.chmod(0o600)
        return path

    def uri(self, key, token="officers", more=""):
        return f"pkcs11:token={token};object={key}{more}?module-path={MODULES[0]}"

    def new_key(self, uri, *arguments, expect=0):
        return run("waymark-coordinator", "roster", "new-key", "--pkcs11", uri, *(arguments or ("--pin-file", self.pin)),
                   expect=expect)

    def start(self, public):
        """A federation of which one officer has a key file and the others have these public keys."""
        file = self.federation.directory / "officer.key"
        keys = [run("waymark-coordinator", "roster", "new-key", "--key", file)[0].strip(), *public]
        self.federation.governance = (f"[governance]\nofficers = {json.dumps(keys)}\nthreshold = 2\n"
                                      "signs_catalogue = true\n")
        configs, _, catalogue = made_up.prepare(self.federation, 3, people=40)
        self.federation.start_coordinator(catalogue=catalogue)
        for code, config in configs.items():
            self.federation.enrol(code, config)
        return file, configs

    def test_officers_with_a_token_and_with_a_file_sign_alike(self):
        public = self.new_key(self.uri("anna"))[0].strip()
        self.assertRegex(public, "^[0-9a-f]{64}$")
        file, configs = self.start([public])
        roster = self.federation.directory / "roster.json"
        catalogue = self.federation.directory / "catalogue.json"
        for kind, document in (("roster", roster), ("catalogue", catalogue)):
            run("waymark-coordinator", kind, "propose", "--config", self.federation.config, "--out", document)
            run("waymark-coordinator", kind, "sign", "--key", file, document)
            run("waymark-coordinator", kind, "publish", "--config", self.federation.config, document, expect=1)
            signing = ("waymark-coordinator", kind, "sign", "--pkcs11", self.uri("anna"), "--pin-file", self.pin, document)
            run(*signing)
            run(*signing)  # takes the place of the first
            self.assertEqual(len(json.loads(document.read_text())["signatures"]), 2)
            run("waymark-coordinator", kind, "publish", "--config", self.federation.config, document)
        config = next(iter(configs.values()))
        said = run("waymark-node", "run", "--config", config, "--once", "--poll-seconds", "1")[1]
        self.assertIn("roster held", said)

    def test_the_key_does_not_leave_the_token_and_is_not_made_twice(self):
        self.new_key(self.uri("anna"))
        error = self.new_key(self.uri("anna"), expect=1)[1]
        self.assertIn("has a key under the URI's object or id already", error)
        # Another's id counts as well: under one id nobody tells which halves belong together.
        self.new_key(self.uri("carol", more=";id=%62%65%6e"))
        error = self.new_key(self.uri("ben"), expect=1)[1]
        self.assertIn("has a key under the URI's object or id already", error)
        error = self.new_key(self.uri("dora", more=";id=anna"), expect=1)[1]
        self.assertIn("has a key under the URI's object or id already", error)
        self.new_key(self.uri("ben", more=";id=%02"))
        # Nothing of the key is in the token's files as it would be in a key file, and --key beside it is refused.
        error = run("waymark-coordinator", "roster", "new-key", "--pkcs11", self.uri("ben"), "--key",
                    self.federation.directory / "ben.key", expect=1)[1]
        self.assertIn("one of them", error)
        self.assertFalse((self.federation.directory / "ben.key").exists())

    def test_what_is_wrong_is_said_in_words_and_nothing_is_signed(self):
        public = self.new_key(self.uri("anna"))[0].strip()
        self.start([public])
        roster = self.federation.directory / "roster.json"
        self.federation.roster("propose", "--out", roster)
        before = roster.read_bytes()
        open_pin = self.federation.write("open-pin", PIN)
        open_pin.chmod(0o644)
        subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out",
                        self.federation.directory / "p256.pem"], check=True, capture_output=True)
        subprocess.run(["softhsm2-util", "--import", self.federation.directory / "p256.pem", "--token", "officers", "--label",
                        "other", "--id", "77", "--pin", PIN], check=True, capture_output=True)
        module = MODULES[0]
        for uri, pin, words in (
                (self.uri("anna"), self.secret("wrong", "hunter-000000\n"), "refused the PIN"),
                (self.uri("anna"), self.secret("empty", "\n"), "no PIN in it"),
                (self.uri("anna"), open_pin, "chmod 600"),
                (self.uri("anna"), self.federation.directory / "none", "none"),
                (self.uri("anna", token="gone"), self.pin, 'no PKCS#11 token fits the URI; there are "officers", "spare"'),
                (self.uri("anna", token="spare"), self.pin, "has no private key under the URI's object or id"),
                (self.uri("ben"), self.pin, "has no private key under the URI's object or id"),
                (self.uri("other"), self.pin, "officers sign with Ed25519 keys"),
                (f"pkcs11:object=anna?module-path={module}", self.pin, "2 PKCS#11 tokens fit the URI"),
                (f"pkcs11:token=officers?module-path={module}", self.pin, "names no key"),
                (f"pkcs11:token=officers;object=anna?module-path={module}&pin-value={PIN}", self.pin, "Leave it out"),
                (f"pkcs11:token=officers;object=anna?module-path={module}&pin-source=file:{self.pin}", self.pin, "Leave it out"),
                ("pkcs11:token=officers;object=anna?module-path=/none/libnone.so", self.pin, "/none/libnone.so cannot be loaded"),
                ("token=officers", self.pin, "the PKCS#11 URI cannot be read")):
            with self.subTest(uri=uri, words=words):
                error = run("waymark-coordinator", "roster", "sign", "--pkcs11", uri, "--pin-file", pin, roster,
                            expect=3 if pin is open_pin else 1)[1]
                self.assertIn(words, error)
                self.assertNotIn(PIN, error)
        self.assertEqual(roster.read_bytes(), before)

    def test_the_pin_is_asked_for_unseen_where_no_file_is_given(self):
        # Without a terminal there is nobody to ask.
        command = [str(BIN / "waymark-coordinator"), "roster", "new-key", "--pkcs11", self.uri("anna")]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, start_new_session=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("give --pin-file", done.stderr)
        child, terminal = pty.fork()
        if child == 0:
            os.execv(command[0], command)
        shown = self.read_until(terminal, b"PIN of the PKCS#11 token: ")
        os.write(terminal, PIN.encode() + b"\n")
        shown += self.read_until(terminal, None)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0, shown)
        os.close(terminal)
        self.assertNotIn(PIN.encode(), shown)
        self.assertRegex(shown.decode(), "[0-9a-f]{64}")

    def test_the_terminal_is_as_before_whatever_ends_the_prompt(self):
        for typed, signal_number, words in ((b"\x03", signal.SIGINT, b""), (b"x" * 255 + b"\n", 0, b"refused the PIN"),
                                            (b"x" * 256 + b"\n", 0, b"256 bytes or more"),
                                            (b"x" * 300 + b"\n", 0, b"256 bytes or more"), (b"\n", 0, b"no PIN was typed"),
                                            (b"\x04", 0, b"no PIN was typed")):
            with self.subTest(typed=typed[:4], words=words):
                command = [str(BIN / "waymark-coordinator"), "roster", "new-key", "--pkcs11", self.uri("anna")]
                ours, theirs = pty.openpty()  # with its other end open here too, so that its state outlives the program
                child = os.fork()
                if child == 0:
                    os.login_tty(theirs)
                    os.execv(command[0], command)
                self.read_until(ours, b"PIN of the PKCS#11 token: ")
                self.assertFalse(termios.tcgetattr(theirs)[3] & termios.ECHO)
                os.write(ours, typed)
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                self.assertEqual(status, -signal_number if signal_number else 1)
                self.assertTrue(termios.tcgetattr(theirs)[3] & termios.ECHO)
                self.assertIn(words, self.read_until(ours, words))
                # What was typed too much does not become the next command.
                os.set_blocking(theirs, False)
                self.assertRaises(BlockingIOError, os.read, theirs, 4096)
                os.close(ours)
                os.close(theirs)

    def read_until(self, terminal, words, seconds=20):
        """What a terminal shows until these words, or its end."""
        shown, limit = b"", time.monotonic() + seconds
        while words is None or words not in shown:
            if not select.select([terminal], [], [], max(0, limit - time.monotonic()))[0]:
                raise AssertionError(f"the terminal shows only {shown!r}")
            try:
                shown += os.read(terminal, 4096)
            except OSError:  # its other end is closed
                break
        return shown


if __name__ == "__main__":
    unittest.main()
