// The figures that are looked at first.
import { element, set_class, set_text } from "../dom.js";
import { dollars, millis, number, percent, signed_dollars, signed_percent, tone } from "../format.js";

const fraction = (part, whole) => (part !== null && whole ? part / whole : null);

/** [{name, main, below, tone}] from a snapshot and the actors; pure. */
export function tiles_of(snapshot, actors) {
  const account = snapshot?.account ?? {};
  const positions = snapshot?.positions ?? [];
  const latency = snapshot?.latency ?? {};
  const invested = account.equity != null && account.cash != null ? account.equity - account.cash : null;
  const open_result = positions.reduce((sum, each) => sum + (each.unrealized ?? 0), 0);
  const up = actors.filter((each) => each.state === "up").length;
  const restarts = actors.reduce((sum, each) => sum + (each.restarts ?? 0), 0);
  return [
    { name: "Equity", main: dollars(account.equity), below: `opened with ${dollars(account.opening_equity, 0)}` },
    { name: "Result of the day", main: signed_dollars(account.pnl), below: signed_percent(fraction(account.pnl ?? null, account.opening_equity)), tone: tone(account.pnl) },
    { name: "Drawdown", main: percent(account.drawdown), below: `at most ${percent(account.max_drawdown)}` },
    { name: "Open positions", main: number(positions.length), below: positions.length ? `${signed_dollars(open_result)} unrealised` : "flat" },
    { name: "Invested", main: percent(fraction(invested, account.equity), 0), below: `cash ${dollars(account.cash, 0)}` },
    { name: "Round to orders, p99", main: millis(latency.p99_ms), below: `p50 ${millis(latency.p50_ms)}, ${number(latency.orders)} orders` },
    {
      name: "Actors up",
      main: actors.length ? `${up === actors.length ? "" : "▲ "}${up} of ${actors.length}` : "–",
      below: `${number(restarts)} restart${restarts === 1 ? "" : "s"}`,
      tone: up === actors.length ? "" : "loss",
    },
  ];
}

export function make_tiles(place) {
  const made = [];
  return (store) => {
    tiles_of(store.snapshot, store.actors).forEach((tile, i) => {
      if (!made[i]) {
        made[i] = { name: element("dt"), main: element("dd"), below: element("dd", { class: "below" }) };
        place.append(element("div", {}, made[i].name, made[i].main, made[i].below));
      }
      set_text(made[i].name, tile.name);
      set_text(made[i].main, tile.main);
      set_class(made[i].main, `main ${tile.tone ?? ""}`.trim());
      set_text(made[i].below, tile.below);
    });
  };
}
