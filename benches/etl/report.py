"""Medians over the rounds, ratios within them, and the table that shows both."""

import statistics

MIB = 1024 * 1024


def spread(values):
    return {"median": statistics.median(values), "least": min(values), "most": max(values)}


def summary(rounds, rows):
    """Of each chain: seconds of every stage and of all, rows a second, memory, bytes; and how it compares."""
    chains = {}
    for name in rounds[0]:
        # What was measured once stands in the first round only.
        ran = [it[name] for it in rounds if name in it]
        stages = {stage: spread([it["stages"][stage] for it in ran]) for stage in ran[0]["stages"]}
        chains[name] = {"rounds": len(ran), "stages": stages}
        for figure in ran[0]:
            if all(isinstance(it[figure], (int, float)) for it in ran):
                chains[name][figure] = spread([it[figure] for it in ran])
        if "seconds" in ran[0]:
            chains[name]["rows_per_second"] = rows / chains[name]["seconds"]["median"]
    return {"chains": chains, "ratios": ratios(rounds)}


def ratios(rounds):
    """Each within one round, so that a machine that is busier for a while does not count."""
    def of(name, value):
        found = [it for it in map(value, rounds) if it]
        return {name: spread(found)} if found else {}

    def seconds(it, chain, stage=None):
        figures = it.get(chain, {})
        return figures.get("stages", {}).get(stage) if stage else figures.get("seconds")

    def over(one, other):
        return one / other if one and other else None

    found = {}
    for chain in (it for it in rounds[0] if it.startswith("sluice")):
        for peer in (it for it in rounds[0] if it != "floors" and not it.startswith("sluice")):
            found |= of(f"{peer} / {chain}: whole chain", lambda it: over(seconds(it, peer), seconds(it, chain)))
        found |= of(f"{chain} / floor: load",
                    lambda it: over(seconds(it, chain, "load"), seconds(it, "floors", "load, 2 connections")))
        found |= of(f"{chain} / floor: publish",
                    lambda it: over(seconds(it, chain, "publish"), seconds(it, "floors", "upsert, key order")))
    return found


def text(told, rows):
    lines = [f"{'':34} {'median s':>9} {'least':>8} {'most':>8} {'rows/s':>10}"]

    def line(name, it):
        rate = f"{rows / it['median']:,.0f}" if it["median"] else ""
        lines.append(f"{name:34} {it['median']:9.2f} {it['least']:8.2f} {it['most']:8.2f} {rate:>10}")

    for name, chain in told["chains"].items():
        lines.append(f"{name} ({chain['rounds']} rounds)")
        for stage, it in chain["stages"].items():
            line(f"    {stage}", it)
        if "seconds" not in chain:
            continue
        line("    whole chain", chain["seconds"])
        figures = {it: chain[it]["median"] for it in chain if isinstance(chain[it], dict) and "median" in chain[it]}
        lines.append(
            f"    peak {figures['peak_mib']:.0f} MiB, gzip {figures.get('gzip_bytes', 0) / 1e6:.1f} MB, server wrote"
            f" {figures['server_written_bytes'] / 1e6:.0f} MB, CPU {figures['client_cpu_seconds']:.1f} s in the client"
            f" and {figures['server_cpu_seconds']:.1f} s in the server")
    lines.append("")
    for name, it in told["ratios"].items():
        lines.append(f"{name:50} {it['median']:6.2f} ({it['least']:.2f}-{it['most']:.2f})")
    return "\n".join(lines)
