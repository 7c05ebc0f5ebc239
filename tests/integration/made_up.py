"""Small made-up councils for the integration tests: Standard Safeguarding Dataset files from a seed."""

import csv
import datetime
import json
import random

EXTRACT = datetime.date(2025, 6, 30)
COVERED_FROM = datetime.date(2021, 4, 1)
REGIONS = {"E12999901": "Test Region North", "E12999902": "Test Region South"}


def codes(count):
    return [f"E990000{i:02d}" for i in range(1, count + 1)]


def areas_textproto(council_codes):
    lines = []
    for i, code in enumerate(council_codes):
        region = list(REGIONS)[i * len(REGIONS) // len(council_codes)]
        lines.append(f'areas {{ code: "{code}" name: "Test Council {i + 1}" region_code: "{region}" '
                     f'region_name: "{REGIONS[region]}" old_code: {101 + i} }}')
    return "\n".join(lines) + "\n"


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def make_ssd(directory, seed, people=400):
    """Writes an SSD folder; returns every id that stands in it (none of them may ever leave)."""
    chance = random.Random(seed)
    directory.mkdir(parents=True, exist_ok=True)
    persons, families, episodes, contacts, referrals, plans, looked_after = [], [], [], [], [], [], []
    secret = set()
    workers = [f"WORKER-{seed}-{i}" for i in range(5)]
    secret.update(workers)
    for number in range(people):
        person = f"PERSON-{seed}-{number:05d}"
        family = f"FAMILY-{seed}-{number // 2:05d}"
        secret.update((person, family))
        birth = COVERED_FROM - datetime.timedelta(chance.randrange(0, 10 * 365))
        persons.append([person, chance.choice(["Male", "Female"]), "WBRI", birth.isoformat(), ""])
        families.append([family, person])
        start = COVERED_FROM + datetime.timedelta(chance.randrange(0, 700))
        for spell in range(1 + (chance.random() < 0.35)):
            end = start + datetime.timedelta(chance.randrange(20, 260))
            episode = f"EPISODE-{seed}-{number:05d}-{spell}"
            secret.add(episode)
            episodes.append([episode, person, start.isoformat(), end.isoformat(), "N4",
                             chance.choice(["outcomes met", "outcomes met", "disengaged", "step up"]), "Team A",
                             chance.choice(workers)])
            contact = f"CONTACT-{seed}-{number:05d}-{spell}"
            secret.add(contact)
            contacts.append([contact, person, (start - datetime.timedelta(10)).isoformat(),
                             chance.choice(["1A", "1C", "3A", "5B"]), "Early Help"])
            if chance.random() < 0.15:
                referral = f"REFERRAL-{seed}-{number:05d}-{spell}"
                secret.add(referral)
                opened = end + datetime.timedelta(chance.randrange(5, 300))
                nfa = chance.random() < 0.3
                closed = opened + datetime.timedelta(90)
                referrals.append([referral, person, opened.isoformat(), "N1", "3A", "", "1" if nfa else "0",
                                  "" if nfa else "RC2", "" if nfa else closed.isoformat(), "Team B",
                                  chance.choice(workers)])
            start = end + datetime.timedelta(chance.randrange(30, 300))
    write(directory / "ssd_person.csv",
          ["pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob", "pers_death_date"], persons)
    write(directory / "ssd_family.csv", ["fami_family_id", "fami_person_id"], families)
    write(directory / "ssd_early_help_episodes.csv",
          ["earl_episode_id", "earl_person_id", "earl_episode_start_date", "earl_episode_end_date",
           "earl_episode_reason", "earl_episode_end_reason", "earl_episode_organisation", "earl_episode_worker_id"],
          episodes)
    write(directory / "ssd_contacts.csv",
          ["cont_contact_id", "cont_person_id", "cont_contact_date", "cont_contact_source_code",
           "cont_contact_outcome_json"], contacts)
    write(directory / "ssd_cin_episodes.csv",
          ["cine_referral_id", "cine_person_id", "cine_referral_date", "cine_cin_primary_need_code",
           "cine_referral_source_code", "cine_referral_outcome_json", "cine_referral_nfa", "cine_close_reason",
           "cine_close_date", "cine_referral_team", "cine_referral_worker_id"], referrals)
    write(directory / "ssd_cp_plans.csv",
          ["cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"], plans)
    write(directory / "ssd_cla_episodes.csv",
          ["clae_cla_episode_id", "clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased"],
          looked_after)
    return secret


def node_toml(code, name, catalogue, policy="policy.toml"):
    return f"""[council]
code = "{code}"
name = "{name}"
[node]
state = "state"
policy = "{policy}"
catalogue = "{catalogue}"
[scope]
includes_delivered = true
note = "made up"
[[source]]
format = "ssd"
path = "ssd"
covered_from = {COVERED_FROM.isoformat()}
extract_date = {EXTRACT.isoformat()}
"""


POLICY = """[release]
approval = "automatic"

[floors]
yearly_epsilon = "4"
least_contributors = 3

[[allow]]
metric = "1"
version = 1
mode = "noised"

[[allow]]
metric = "10"
version = 1
mode = "noised"

[[allow]]
metric = "19"
version = 1
mode = "thresholded"
"""

ROUND = """id = "{id}"
title = "Test round"
open_minutes = {minutes}
least_contributors = 3
data_version = 1

[[item]]
metric = "1"
period = "2022-23"
mode = "noised"
epsilon = "1"
windows = [365]
units = ["episodes"]

[[item]]
metric = "10"
period = "2022-23"
mode = "noised"
epsilon = "1/2"
units = ["episodes"]

[[item]]
metric = "19"
period = "2022-23"
mode = "thresholded"
units = ["episodes"]
"""


def _lines(values):
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())


def item(metric, period, mode="thresholded", **more):
    """What a round asks, of episodes; `more` as a round's file has it: epsilon="1", windows=[365]."""
    return "\n[[item]]\n" + _lines({"metric": metric, "period": period, "mode": mode, "units": ["episodes"], **more})


def round_text(round_id, *items, **more):
    """A round's file."""
    return _lines({"id": round_id, "title": "Test round", "open_minutes": 30, "least_contributors": 3, "data_version": 1,
                   **more}) + "".join(items)


def prepare(federation, count, people=400):
    """Councils' folders and a catalogue that holds them. Returns ({code: node.toml path}, ids that must not leave)."""
    import shutil
    from harness import BIN
    catalogue = federation.directory / "catalogue"
    shutil.copytree(BIN.parent / "share" / "waymark" / "catalogue", catalogue)
    council_codes = codes(count)
    (catalogue / "areas.textproto").write_text(areas_textproto(council_codes))
    configs, secret = {}, set()
    for i, code in enumerate(council_codes):
        folder = federation.directory / code
        secret |= make_ssd(folder / "ssd", seed=100 + i, people=people)
        (folder / "policy.toml").write_text(POLICY)
        (folder / "node.toml").write_text(node_toml(code, f"Test Council {i + 1}", catalogue))
        configs[code] = folder / "node.toml"
    return configs, secret, catalogue
