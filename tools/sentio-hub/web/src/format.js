// Numbers and times as text. Everything unknown (null) is a dash, so that no panel has to ask.
const dash = "–";
const minus = "−";

const known = (value) => typeof value === "number" && Number.isFinite(value);

const grouped = new Map();
function group(value, digits) {
  let made = grouped.get(digits);
  if (!made) {
    made = new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    grouped.set(digits, made);
  }
  const text = made.format(Math.abs(value));
  return { text, negative: value < 0 && /[1-9]/.test(text) };
}

/** "1,234.50", with a real minus sign; never "−0". */
export function number(value, digits = 0) {
  if (!known(value)) return dash;
  const { text, negative } = group(value, digits);
  return (negative ? minus : "") + text;
}

/** "+1.2", "−1.2", "0.0" */
export function signed(value, digits = 0) {
  if (!known(value)) return dash;
  const { text, negative } = group(value, digits);
  return (negative ? minus : /[1-9]/.test(text) ? "+" : "") + text;
}

/** "$1,234.50" */
export function dollars(value, digits = 2) {
  if (!known(value)) return dash;
  const { text, negative } = group(value, digits);
  return `${negative ? minus : ""}$${text}`;
}

/** "+$1,234.50" */
export function signed_dollars(value, digits = 2) {
  if (!known(value)) return dash;
  const { text, negative } = group(value, digits);
  return `${negative ? minus : /[1-9]/.test(text) ? "+" : ""}$${text}`;
}

/** A fraction as "1.23 %". */
export const percent = (fraction, digits = 2) => (known(fraction) ? `${number(fraction * 100, digits)}\u00a0%` : dash);
export const signed_percent = (fraction, digits = 2) =>
  known(fraction) ? `${signed(fraction * 100, digits)}\u00a0%` : dash;

/** Messages a second: three digits are enough. */
export function rate(value) {
  if (!known(value)) return dash;
  if (value >= 1000) return `${number(value / 1000, value >= 100_000 ? 0 : 1)}k/s`;
  return `${number(value, value >= 100 ? 0 : value >= 10 || value === 0 ? 0 : 1)}/s`;
}

/** Microseconds as "12 µs", "1.2 ms" or "3.4 s". */
export function micros(value) {
  if (!known(value)) return dash;
  if (value < 1000) return `${number(value, value < 10 ? 1 : 0)} µs`;
  if (value < 1e6) return `${number(value / 1e3, value < 1e4 ? 1 : 0)} ms`;
  return `${number(value / 1e6, 1)} s`;
}

/** Milliseconds as "0.38 ms" or "1.2 s". */
export function millis(value) {
  if (!known(value)) return dash;
  return value < 1000 ? `${number(value, value < 10 ? 2 : value < 100 ? 1 : 0)} ms` : `${number(value / 1000, 1)} s`;
}

/** "8 s", "12 min", "3 h 5 min" */
export function span(seconds) {
  if (!known(seconds)) return dash;
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 90) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const new_york = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
/** UTC milliseconds as New York's "10:31:05". */
export const clock_seconds = (at) => (known(at) ? new_york.format(at) : dash);
/** ... as "10:31". */
export const clock = (at) => (known(at) ? new_york.format(at).slice(0, 5) : dash);

/** "gain", "loss" or "": beside a sign, never instead of one. */
export const tone = (value) => (known(value) && value > 0 ? "gain" : known(value) && value < 0 ? "loss" : "");

/** "A", "A and B", "A, B and C" */
export function listed(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
