"""Figures of tools/bench.d/watch: SCRATCH/latency.* (JSON lines) and SCRATCH/speed.* (numbers)."""
import json
import math
import statistics
import sys


def latencies(kind):
    with open(f"{sys.argv[1]}/latency.{kind}") as lines:
        return sorted(json.loads(line)["order_ms"] for line in lines)


def nearest_rank(ascending, share):
    return ascending[max(1, math.ceil(share * len(ascending))) - 1]


def speeds(kind):
    with open(f"{sys.argv[1]}/speed.{kind}") as lines:
        return [float(line) for line in lines]


orders = {kind: latencies(kind) for kind in ("alone", "watched")}
for kind, all_orders in orders.items():
    print(f"  paper session {kind + ':':8} {len(all_orders)} orders, p50 {nearest_rank(all_orders, 0.5):.2f} ms, "
          f"p90 {nearest_rank(all_orders, 0.9):.2f} ms, p99 {nearest_rank(all_orders, 0.99):.2f} ms, slowest {all_orders[-1]:.2f} ms")
ratios = [nearest_rank(orders["watched"], share) / nearest_rank(orders["alone"], share) for share in (0.5, 0.9, 0.99)]
print("  watched / alone: p50 %.3f, p90 %.3f, p99 %.3f (goal for p99: at most 1.05)" % tuple(ratios))
rates_of = {kind: speeds(kind) for kind in ("alone", "beside", "unseen", "watched")}
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
