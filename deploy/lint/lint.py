#!/usr/bin/env python3
"""Checks what the compiler does not: formatting, directions of includes, and homes.

    deploy/lint/lint.py [ROOT]      (default: this repository)

Prints one line a finding, "file:line: rule: what to do", and ends with their number. Exit status 0: none.
The rules stand in rules.py beside this file.
"""

import os
import pathlib
import re
import subprocess
import sys

import rules

TEXT_SUFFIXES = {".cc", ".h", ".proto", ".textproto", ".py", ".sh", ".cmake", ".md", ".toml", ".json", ".ts", ".service",
                 ".conf", ".R", ""}
SKIPPED_FOLDERS = {".git", "build", "demo-state", "node_modules", "__pycache__"}
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def files_of(root):
    """Paths below `root`, as a repository lists them where it is one, sorted."""
    if (root / ".git").exists():
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"], check=True,
                                capture_output=True).stdout.decode().split("\0")
        found = {path for path in listed if path and (root / path).is_file()}
    else:
        found = set()
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            found.update(os.path.relpath(os.path.join(folder, name), root) for name in names)
    return sorted(found)


def without_comments_and_strings(text):
    """The code alone, its line numbers unchanged. Include lines keep their names."""
    def blank(match):
        start = text.rfind("\n", 0, match.start()) + 1
        if re.match(r"\s*#\s*include", text[start:match.start()]):
            return match.group()
        return "".join("\n" if c == "\n" else " " for c in match.group())
    return COMMENT_OR_STRING.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def is_under(path, folders):
    """Whether `path` is one of `folders` or below one; "" is above everything."""
    return any(folder == "" or path == folder or path.startswith(folder + "/") for folder in folders)


def check_includes(path, code):
    home = next((folder for folder in sorted(rules.MAY_INCLUDE, key=len, reverse=True) if is_under(path, [folder])), None)
    for found in INCLUDE.finditer(code):
        line, included = line_of(code, found.start(2)), found.group(2)
        first = included.split("/")[0]
        if home is not None and found.group(1) == '"' and first in rules.OUR_FOLDERS:
            if not is_under(included, rules.MAY_INCLUDE[home]):
                yield line, "includes", f'{home} may not include "{included}": it may include {", ".join(rules.MAY_INCLUDE[home])}'
        for rule in rules.LIBRARIES:
            if re.search(rule.pattern, included) and is_under(path, rules.PRODUCTION):
                if rule.only_in is not None and not is_under(path, rule.only_in):
                    yield line, "library", f"{rule.name} is used only in {', '.join(rule.only_in)}"
                if rule.not_in_headers and path.endswith(".h"):
                    yield line, "library", f"{rule.name} is slow to compile: include it in .cc files only"


def check_header_guard(path, text):
    guard = "WAYMARK_" + re.sub(r"[^A-Za-z0-9]", "_", path).upper() + "_"
    found = re.search(r"^#ifndef (\w+)\n#define (\w+)\n", text, re.MULTILINE)
    if not found:
        yield 1, "guard", f"no header guard: expected {guard}"
    elif found.group(1) != guard or found.group(2) != guard:
        yield line_of(text, found.start()), "guard", f"header guard {found.group(1)}: expected {guard}"


def check_patterns(path, text, patterns):
    for rule in patterns:
        if not is_under(path, rule.folders) or is_under(path, rule.homes):
            continue
        for found in re.finditer(rule.pattern, text, re.MULTILINE):
            yield line_of(text, found.start()), rule.name, f"{found.group().strip()}: {rule.fix}"


def check_file(root, path):
    text = (root / path).read_text(encoding="utf-8", errors="replace")
    yield from check_patterns(path, text, rules.TEXT)
    if path.endswith((".cc", ".h")):
        code = without_comments_and_strings(text)
        yield from check_includes(path, code)
        yield from check_patterns(path, code, rules.CODE)
        if is_under(path, rules.PRODUCTION) and re.search(rules.TEST_FILE, path):
            yield 1, "test code", "tests, fakes and benchmarks belong below tests/"
        if path.endswith(".h"):
            yield from check_header_guard(path, text)


def check_names(root, paths):
    """Two classes of one name in one namespace: the linker takes one of them for both, and says nothing."""
    homes = {}
    for path in paths:
        code = without_comments_and_strings((root / path).read_text(encoding="utf-8", errors="replace"))
        namespaces = re.findall(r"^namespace ([\w:]+) {", code, re.MULTILINE)
        for found in re.finditer(r"^(?:class|struct|enum class) (\w+)\b(?!::)[^;{]*{", code, re.MULTILINE):
            place = (path, line_of(code, found.start()))
            homes.setdefault((namespaces[0] if namespaces else "", found.group(1)), []).append(place)
    for (namespace, name), places in homes.items():
        for path, line in places[1:]:
            yield path, line, "names", f"{namespace}::{name} is another class in {places[0][0]}: rename one"


def check_format(root, paths):
    """clang-format's first finding in each file, from two processes at a time."""
    runs = [subprocess.Popen(["clang-format", "--dry-run", "--style=file", *part], cwd=root, text=True,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for part in (paths[::2], paths[1::2]) if part]
    seen = set()
    for run in runs:
        output = run.communicate()[1]
        for found in re.finditer(r"^(\S+?):(\d+):\d+: (?:warning|error): ", output, re.MULTILINE):
            if found.group(1) not in seen:
                seen.add(found.group(1))
                yield found.group(1), int(found.group(2)), "format", "not as .clang-format says: run clang-format -i"
        if run.returncode != 0:
            yield ".clang-format", 1, "format", output.strip().split("\n")[0]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    paths = [path for path in files_of(root) if pathlib.PurePath(path).suffix in TEXT_SUFFIXES]
    findings = [(path, *finding) for path in paths for finding in check_file(root, path)]
    findings += check_format(root, [path for path in paths if path.endswith((".cc", ".h"))])
    headers = [path for path in paths if path.endswith(".h") and is_under(path, rules.PRODUCTION)]
    findings += check_names(root, headers)
    for path, line, rule, advice in sorted(set(findings)):
        print(f"{path}:{line}: {rule}: {advice}")
    print(f"{len(paths)} files, {len(set(findings))} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
