"""Figures of tools/bench.d/watch: SCRATCH/latency.* (a list a session) and SCRATCH/speed.* (numbers), as far as there are any."""
import json
import math
import os
import random
import statistics
import sys


def lines_of(name):
    path = f"{sys.argv[1]}/{name}"
    if not os.path.exists(path):
        return []
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def quantile(sessions, share):
    """Nearest rank over all orders of the sessions."""
    ascending = sorted(order for session in sessions for order in session)
    return ascending[max(1, math.ceil(share * len(ascending))) - 1]


def ratio(pairs, share):
    return quantile([watched for _, watched in pairs], share) / quantile([alone for alone, _ in pairs], share)


def tell_sessions(alone, watched):
    for kind, sessions in (("alone", alone), ("watched", watched)):
        print(f"  paper session {kind + ':':8} {sum(map(len, sessions))} orders of {len(sessions)} sessions, "
              + ", ".join(f"p{100 * share:.0f} {quantile(sessions, share):.3f} ms" for share in (0.5, 0.9, 0.99))
              + f", slowest {quantile(sessions, 1):.2f} ms; p50 of each: "
              + ", ".join(f"{statistics.median(session):.2f}" for session in sessions))
    # A session is fast or slow as a whole, so what is drawn again is pairs of sessions, not orders.
    pairs = list(zip(alone, watched))
    drawer = random.Random(1)
    print("  watched / alone: " + ", ".join(
        f"p{100 * share:.0f} {ratio(pairs, share):.3f} +- {error:.3f}" for share in (0.5, 0.9, 0.99)
        for error in [statistics.stdev(ratio(drawer.choices(pairs, k=len(pairs)), share) for _ in range(500))])
        + " (one standard error, pairs of sessions drawn again; goal for p99: at most 1.05)")


def tell_replays(rates_of):
    for kind, rates in rates_of.items():
        print(f"  replay {kind + ':':8} median {statistics.median(rates):,.0f} symbol-bars/s of "
              + ", ".join(f"{rate:,.0f}" for rate in rates))
    medians = {kind: statistics.median(rates) for kind, rates in rates_of.items()}
    pairs = [shown / unseen for shown, unseen in zip(rates_of["watched"], rates_of["unseen"])]
    mean = statistics.geometric_mean(pairs)
    error = statistics.stdev(map(math.log, pairs)) / math.sqrt(len(pairs)) if len(pairs) > 1 else math.inf
    print(f"  watched / not shown beside the same watchers, in turns: median {statistics.median(pairs):.3f}, "
          f"mean {mean:.3f} +- {mean * error:.3f} (one standard error) of "
          + ", ".join(f"{pair:.2f}" for pair in sorted(pairs)))
    print(f"  watched / alone: {medians['watched'] / medians['alone']:.3f} (goal: at least 0.97); "
          f"beside an empty loop on the other processors / alone: {medians['beside'] / medians['alone']:.3f}")


latencies = {kind: lines_of(f"latency.{kind}") for kind in ("alone", "watched")}
if all(latencies.values()):
    tell_sessions(**latencies)
rates = {kind: lines_of(f"speed.{kind}") for kind in ("alone", "beside", "unseen", "watched")}
if all(rates.values()):
    tell_replays(rates)
