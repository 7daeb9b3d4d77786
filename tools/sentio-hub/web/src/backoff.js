// How long to wait before the next attempt: 1, 2, 4, 8, 15 s, and up to a quarter less, so that many pages do
// not come back in the same instant.
const steps_s = [1, 2, 4, 8, 15];

/** attempt: 0 is the first after a loss; luck: a number in [0, 1). Milliseconds. */
export function wait_ms(attempt, luck) {
  const step = steps_s[Math.min(Math.max(attempt, 0), steps_s.length - 1)];
  return Math.round(step * 1000 * (1 - 0.25 * luck));
}
