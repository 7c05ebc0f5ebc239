"""Completion of the programs' command lines: bash itself is asked what it would offer."""

import os
import shutil
import subprocess
import unittest

from harness import BIN, run

# Loads the script, sets what bash sets before it calls a completion function, and prints what that offers.
ASK = """
set -u
source /dev/stdin <<< "$SCRIPT"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
"_${1//-/_}"
printf '%s\\n' "${COMPREPLY[@]+"${COMPREPLY[@]}"}"
"""
PROGRAMS = {"waymark": ("benchmark", "--metric"), "waymark-coordinator": ("check-config", "--config"),
            "waymark-node": ("measure", "--config")}


class Completion(unittest.TestCase):
    def offered(self, *words):
        script, _ = run(words[0], "--completion", "bash")
        done = subprocess.run(["bash", "-c", ASK, "bash", *words], env={**os.environ, "SCRIPT": script}, check=True,
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return [word for word in done.stdout.split("\n") if word]

    def test_sub_commands_and_options(self):
        for program, (command, option) in PROGRAMS.items():
            self.assertIn(command, self.offered(program, ""))
            self.assertEqual(self.offered(program, command[:-1]), [command])
            self.assertIn("--completion", self.offered(program, "--"))
            self.assertIn(option, self.offered(program, command, "--"))

    def test_every_command_of_the_help_is_offered(self):
        for program in PROGRAMS:
            help_text = run(program, "--help")[0].split("Subcommands:\n")[1]
            commands = [line.split()[0] for line in help_text.splitlines() if line.startswith("  ") and line[2] != " "]
            self.assertGreater(len(commands), 5)
            self.assertLessEqual(set(commands), set(self.offered(program, "")))

    def test_deeper_commands_and_what_falls_through(self):
        self.assertEqual(self.offered("waymark", "round", "op"), ["open"])
        words = self.offered("waymark", "round", "open", "--")
        self.assertIn("--file", words)
        self.assertIn("--identity", words)
        self.assertNotIn("--metric", words)
        # Options before the command do not hide it; a value is a file's name, which bash completes by itself.
        self.assertIn("--metric", self.offered("waymark", "--identity", "somewhere", "benchmark", "--"))
        self.assertEqual(self.offered("waymark", "--identity", ""), [])

    def test_other_shells(self):
        for shell, check in (("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"])):
            script, _ = run("waymark", "--completion", shell)
            self.assertIn("journeys", script)
            if shutil.which(check[0]) is None:
                print(f"skipped: {shell} is not installed, so its script was not read by it")
                continue
            subprocess.run(check, input=script, text=True, check=True)
        _, error = run("waymark", "--completion", "csh", expect=2)
        self.assertIn("bash", error)


if __name__ == "__main__":
    unittest.main()
