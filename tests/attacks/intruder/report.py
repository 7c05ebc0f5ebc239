"""What the attacks came to: for a data-protection officer's file, and as JSON."""

import dataclasses

MOST_LISTED = 20


def as_text(tables, outcomes):
    councils = {table.council for table in tables}
    rounds = {table.round_id for table in tables}
    cells = sum(len(table.cells) for table in tables)
    lines = ["# Motivated intruder: report", "",
             f"Attacked: {len(tables)} tables with {cells} cells, of {len(councils)} councils in {len(rounds)} rounds: all that the "
             "coordinator received.", "",
             "The intruder holds everything that was ever released, the public definitions and rules, a solver of linear programs, "
             "and nothing of any council.", "",
             "| Attack | Tried | Succeeded | |", "|---|---|---|---|"]
    for outcome in outcomes:
        lines.append(f"| {outcome.attack} | {outcome.tried} | {len(outcome.findings)} | {outcome.note} |")
    broken = [finding for outcome in outcomes for finding in outcome.findings]
    lines += ["", "No attack succeeded." if not broken else f"**{len(broken)} attacks succeeded.**"]
    for outcome in outcomes:
        if outcome.findings:
            lines += ["", f"## {outcome.attack}", ""]
            lines += [f"* {finding.where}: {finding.learned}" for finding in outcome.findings[:MOST_LISTED]]
            if len(outcome.findings) > MOST_LISTED:
                lines.append(f"* and {len(outcome.findings) - MOST_LISTED} more")
    lines += ["", "What this does not try: knowledge of single families from elsewhere, faults of the programs that are not in what "
              "they release, and modes other than thresholded and noised."]
    return "\n".join(lines) + "\n"


def as_json(tables, outcomes):
    return {"tables": len(tables), "attacks": [dataclasses.asdict(outcome) for outcome in outcomes]}
