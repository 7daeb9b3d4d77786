// When was a symbol held, and with what result? From its marks; pure.

/**
 * marks: of one symbol, ascending. Returns [{from, to | null, won}]: from the first share to the last; `to` is
 * null while it is held, and won then compares with `last_price`.
 */
export function held_spans(marks, last_price) {
  const spans = [];
  let shares = 0;
  let paid = 0; // cash put in less cash taken out since the position was opened
  let from = 0;
  for (const mark of marks) {
    const count = Math.abs(mark.shares ?? 0);
    const value = count * (mark.price ?? 0);
    if (mark.side === "buy") {
      if (shares === 0) [from, paid] = [mark.t, 0];
      shares += count;
      paid += value;
    } else if (shares > 0) {
      shares = Math.max(0, shares - count);
      paid -= value;
      if (shares === 0) spans.push({ from, to: mark.t, won: paid <= 0 });
    }
  }
  if (shares > 0) spans.push({ from, to: null, won: last_price === null || shares * last_price >= paid });
  return spans;
}
