"""The Children in Need census and the SSDA903 return, read once more with Python's own readers: what a node should find in them.

Shares no code with the node. `Census` joins several years as the node says it does: the same child, referral date and first day
once, the later census telling it.
"""

import collections
import csv
import datetime
import xml.etree.ElementTree as ElementTree


def day(text):
    """A date of the census; None for none or an impossible one."""
    try:
        return datetime.date.fromisoformat(text.strip()[:10]) if text and text.strip() else None
    except ValueError:
        return None


def british_day(text):
    return datetime.datetime.strptime(text, "%d/%m/%Y").date() if text else None


def text_of(element, path):
    return (element.findtext(path) or "").strip()


class Census:
    def __init__(self, paths, extract):
        self.extract = extract
        roots = sorted((ElementTree.parse(path).getroot() for path in paths),
                       key=lambda root: root.findtext("Header/CollectionDetails/ReferenceDate"))
        self.rows = 0
        self.referrals, self.assessments, self.enquiries, self.plans = {}, {}, {}, {}
        for root in roots:  # the latest last: it overwrites
            for child in root.iter("Child"):
                self._child(child)

    def _child(self, child):
        person = text_of(child, "ChildIdentifiers/LAchildID")
        self.rows += 1
        for details in child.iter("CINdetails"):
            self.rows += 1
            referred = day(text_of(details, "CINreferralDate"))
            self.referrals[person, referred] = details
            for kind, store, start in (("Assessments", self.assessments, "AssessmentActualStartDate"),
                                       ("Section47", self.enquiries, "S47ActualStartDate"),
                                       ("ChildProtectionPlans", self.plans, "CPPstartDate")):
                for element in details.findall(kind):
                    self.rows += 1
                    key = (person, day(text_of(element, start)))
                    store[key if store is self.plans else (*key, referred)] = element
            self.rows += len(details.findall("CINPlanDates"))

    def _until_extract(self, store, at):
        return {key: element for key, element in store.items() if key[at] and key[at] <= self.extract}

    def referred(self, first=datetime.date.min, last=datetime.date.max):
        return {key: element for key, element in self._until_extract(self.referrals, 1).items() if first <= key[1] <= last}

    def children(self):
        """Ids of those with anything that counts."""
        return {key[0] for store in (self.referrals, self.assessments, self.enquiries, self.plans)
                for key in self._until_extract(store, 1)}

    @staticmethod
    def nfa(details):
        return text_of(details, "ReferralNFA").lower() in ("true", "1")

    @staticmethod
    def closed_after_assessment(details):
        return text_of(details, "ReasonForClosure") == "RC8"

    def in_need(self):
        """Referrals that are episodes, with first and last day; an end after the extract date is none yet."""
        spells = []
        for (person, start), details in self.referred().items():
            end = day(text_of(details, "CINclosureDate"))
            if self.nfa(details) or self.closed_after_assessment(details) or (end and end < start):
                continue
            spells.append((person, start, end if end and end <= self.extract else None))
        return spells

    def protection_plans(self):
        plans = self._until_extract(self.plans, 1)
        return {key for key, element in plans.items()
                if not day(text_of(element, "CPPendDate")) or day(text_of(element, "CPPendDate")) >= key[1]}

    def sources(self, first, last):
        return collections.Counter(text_of(details, "ReferralSource") for details in self.referred(first, last).values())


class Return903:
    def __init__(self, folder, extract):
        with open(folder / "episodes.csv", encoding="utf-8-sig", newline="") as file:
            self.rows = list(csv.DictReader(file))
        with open(folder / "header.csv", encoding="utf-8-sig", newline="") as file:
            self.children = {row["CHILD"]: row for row in csv.DictReader(file)}
        self.short_breaks = [row for row in self.rows if row["LS"] in ("V3", "V4")]
        self.pieces, self.unusable = [], 0
        for row in self.rows:
            if row["LS"] in ("V3", "V4"):
                continue
            start, end = british_day(row["DECOM"]), british_day(row["DEC"])
            if start > extract or (end and end < start):
                self.unusable += 1
                continue
            self.pieces.append((row["CHILD"], start, end if end and end <= extract else None, row["REC"], row["CIN"]))

    def spells(self):
        """Pieces of a child at most a day apart are one: (child, start, end, why it ended), end None where open."""
        merged = []
        for child, start, end, reason, _ in sorted(self.pieces, key=lambda p: (p[0], p[1])):
            if merged and merged[-1][0] == child and (merged[-1][2] is None or
                                                      start <= merged[-1][2] + datetime.timedelta(days=1)):
                _, began, ended, why = merged[-1]
                longer = ended is not None and (end is None or end >= ended)
                merged[-1] = (child, began, end if longer else ended, reason if longer else why)
            else:
                merged.append((child, start, end, reason))
        return merged

    def moves_out(self, first, last, extract):
        """Ends of spells in the period but by death, and days looked after in it, up to the 18th birthday."""
        ended, days = 0, 0
        for child, start, end, reason in self.spells():
            until = min(last, extract)
            if child in self.children:
                born = british_day(self.children[child]["DOB"])
                leap = (born.month, born.day) == (2, 29)
                adult = datetime.date(born.year + 18, 3, 1) if leap else born.replace(year=born.year + 18)
                until = min(until, adult - datetime.timedelta(days=1))
            if end and first <= end <= until and reason != "E2":
                ended += 1
            if start <= until:
                stop = min(until + datetime.timedelta(days=1), end or datetime.date.max)
                days += max(0, (stop - max(start, first)).days)
        return ended, days
