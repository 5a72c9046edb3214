package io.adaspec.harness.report;

/// A column of the waste ledger.
enum Charge {
  TOKENS("", "", "number of draft tokens") {
    @Override
    double of(WasteLedger.Entry entry) {
      return entry.tokens;
    }
  },
  DRAFTING(
      ", drafting",
      "s",
      "draft time, each step's in equal shares to its drafted tokens, of tokens") {
    @Override
    double of(WasteLedger.Entry entry) {
      return entry.draftNanos / 1e9;
    }
  },
  VERIFYING(
      ", verifying",
      "s",
      "time of target forwards, each in equal shares to all of its rows, of tokens") {
    @Override
    double of(WasteLedger.Entry entry) {
      return entry.verifyNanos / 1e9;
    }
  };

  private final String suffix;
  private final String unit;
  private final String formula;

  Charge(String suffix, String unit, String formula) {
    this.suffix = suffix;
    this.unit = unit;
    this.formula = formula;
  }

  abstract double of(WasteLedger.Entry entry);

  String label(Fate fate) {
    return fate.label() + suffix;
  }

  String unit() {
    return unit;
  }

  String formula(Fate fate) {
    return formula + ": " + fate.formula();
  }
}
