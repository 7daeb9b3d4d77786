// Counts and prints: one line for each check, for people and for CTest.
export class Checks {
  total = 0;
  failed = 0;

  note(good, sentence, found) {
    this.total += 1;
    if (good) {
      console.log(`ok ${this.total} ${sentence}`);
      return;
    }
    this.failed += 1;
    console.log(`not ok ${this.total} ${sentence}: found ${JSON.stringify(found) ?? String(found)}`);
  }

  equal(found, wanted, sentence) {
    const same = JSON.stringify(found) === JSON.stringify(wanted);
    this.note(same, sentence, found);
  }

  that(good, sentence, found = good) {
    this.note(Boolean(good), sentence, found);
  }

  /** The call must fail with an error of a class, an HTTP status and Alpaca's code. */
  async fails(call, name, status, code, message, sentence) {
    try {
      const value = await call();
      this.note(false, sentence, { succeeded: value });
    } catch (error) {
      const found = [error.name, error.status ?? error.response?.status, error.code, String(error.message)];
      const good = found[0] === name && found[1] === status && Number(found[2]) === code && message.test(found[3]);
      this.note(good, sentence, found);
    }
  }

  end() {
    console.log(`checks: ${this.total}`);
    console.log(this.failed ? `${this.failed} failed` : "all good");
    return this.failed ? 1 : 0;
  }
}

/** Asks until the answer passes; the last answer when it never does. */
export async function until(ask, passes, longest_ms = 10_000) {
  const end = Date.now() + longest_ms;
  for (;;) {
    const value = await ask();
    if (passes(value) || Date.now() > end) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
}
