// What the scripts of all clients need to know of the exchange that `run` started for each: the last day of the bundled
// sample, 2025-12-01, from 10:00 New York at 30 x real time: SDS, SQQQ, SVIX, TQQQ, UPRO, UVXY.
export const keyId = process.env.SENTIO_KEY_ID;
export const secret = process.env.SENTIO_SECRET;
export const port = process.env.SENTIO_PORT;
export const address = `https://localhost:${port}`;

/** A plain request with the keys, for what a client cannot ask: its answer's body. */
export async function ask(path) {
  const answer = await fetch(address + path, { headers: { "APCA-API-KEY-ID": keyId, "APCA-API-SECRET-KEY": secret } });
  return answer.json();
}

export const ended = (order) => ["filled", "canceled", "expired", "rejected", "replaced"].includes(order.status);
export const sum = (list, key) => list.reduce((total, one) => total + Number(one[key]), 0);
export const near = (found, wanted, by = 1e-6) => Math.abs(found - wanted) <= by;

/** Runs the steps one after another, prints the count of checks and ends the program. */
export async function exercise(checks, steps) {
  try {
    for (const step of steps) await step();
  } catch (error) {
    checks.note(false, "the exercise runs to its end", `${error?.name}: ${error?.message ?? JSON.stringify(error)} ${error?.stack}`);
  }
  process.exit(checks.end());
}
