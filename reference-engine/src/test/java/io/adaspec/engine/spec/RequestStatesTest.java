package io.adaspec.engine.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaspec.engine.request.Slo;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestStatesTest {
  private int created;
  private final RequestStates<AtomicInteger> states =
      new RequestStates<>(
          () -> {
            created++;
            return new AtomicInteger();
          },
          state -> state.set(0));

  private void batch(long... ids) {
    states.begin(
        new BatchView(
            0,
            0,
            Arrays.stream(ids)
                .mapToObj(id -> new RequestView(id, null, 0, 1, 0, 0, 1, Slo.UNCONSTRAINED, 0, 0))
                .toArray(RequestView[]::new),
            0,
            0,
            0,
            0));
  }

  @Test
  void aRequestKeepsItsState_whereverItStands() {
    batch(1, 2, 3);
    for (int i = 0; i < 3; i++) {
      states.of(i).set(10 * (i + 1));
    }

    batch(3, 1, 2);
    assertThat(states.of(0)).hasValue(30);
    assertThat(states.of(1)).hasValue(10);
    assertThat(states.of(2)).hasValue(20);

    batch(2, 4, 3);
    assertThat(states.of(0)).hasValue(20);
    assertThat(states.of(1)).hasValue(0);
    assertThat(states.of(2)).hasValue(30);
  }

  @Test
  void aRequestThatWasMissing_startsAnew_inTheStateOfOneThatLeft() {
    batch(1);
    states.of(0).set(7);
    batch(2);
    states.of(0).set(8);
    batch(1);

    assertThat(states.of(0)).hasValue(0);
    assertThat(created).isEqualTo(2);
  }

  @Test
  void nothingIsCreated_whereNoMoreRunAtOnceThanBefore() {
    long[] ids = new long[40];
    for (int step = 0; step < 100; step++) {
      int first = step;
      Arrays.setAll(ids, i -> first + i);
      batch(ids);
    }

    assertThat(created).isEqualTo(41);
  }
}
