package io.adaspec.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.exec.ToyModel;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.request.SamplingParams;
import io.adaspec.engine.request.Slo;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.DraftSampling;
import io.adaspec.engine.spec.Policies;
import io.adaspec.engine.spec.PolicyException;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.PolicySpec.Source;
import io.adaspec.engine.spec.SpeculationPolicyProvider;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {
  @Test
  void everyPolicyIsFound_inOrderOfNames() {
    assertThat(Policies.providers())
        .extracting(SpeculationPolicyProvider::name)
        .containsExactly(
            "adaspec",
            "adaspec-plus",
            "autoregressive",
            "bandit",
            "batch-schedule",
            "fixed",
            "prompt-lookup",
            "sequoia",
            "smartspec",
            "static-tree",
            "threshold");
  }

  @Test
  void everyUsage_isOneLineThatStartsWithTheName() {
    assertThat(Policies.providers())
        .allSatisfy(
            provider ->
                assertThat(provider.usage())
                    .startsWith(provider.name())
                    .contains("  ")
                    .doesNotContain("\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "autoregressive, autoregressive, 0, NONE, true",
    "fixed:1, fixed:1, 1, DRAFT_MODEL, true",
    "fixed:32, fixed:32, 32, DRAFT_MODEL, true",
    "adaspec, adaspec, 8, DRAFT_MODEL, false",
    "adaspec:3, adaspec:3, 3, DRAFT_MODEL, false",
    "adaspec-plus, adaspec-plus, 18, DRAFT_MODEL, false",
    "adaspec-plus:4, adaspec-plus:4, 10, DRAFT_MODEL, false",
    "'adaspec-plus:4,no-trees', 'adaspec-plus:4,no-trees', 4, DRAFT_MODEL, false",
    "bandit, bandit, 8, DRAFT_MODEL, true",
    "sequoia, 'sequoia:16,6', 16, DRAFT_MODEL, true",
    "'sequoia:64,8', 'sequoia:64,8', 64, DRAFT_MODEL, true",
    "'batch-schedule:1-4=5,5-16=3', 'batch-schedule:1-4=5,5-16=3', 5, DRAFT_MODEL, true",
    "'batch-schedule:[[1, 4, 2], [5, 16, 3]]', 'batch-schedule:[[1, 4, 2], [5, 16, 3]]', 3,"
        + " DRAFT_MODEL, true",
    "prompt-lookup, 'prompt-lookup:3,5', 5, POLICY, true",
    "'prompt-lookup:2,7', 'prompt-lookup:2,7', 7, POLICY, true",
    "smartspec, smartspec, 8, DRAFT_MODEL, true",
    "static-tree, 'static-tree:1,1,3,1,1,1,1,1', 20, DRAFT_MODEL, true",
    "'static-tree:3,2', 'static-tree:3,2', 9, DRAFT_MODEL, true",
    "threshold, threshold:0.4, 8, DRAFT_MODEL, false",
    "threshold:0.75, threshold:0.75, 8, DRAFT_MODEL, false",
  })
  void parse_knowsNameRoomSourceAndWhetherThePrefixAloneDecides(
      String text, String name, int maxNodes, Source source, boolean prefixOnly) {
    PolicySpec spec = Policies.parse(text);

    assertThat(spec.name()).isEqualTo(name);
    assertThat(spec.maxNodes()).isEqualTo(maxNodes);
    assertThat(spec.source()).isEqualTo(source);
    assertThat(spec.prefixOnly()).isEqualTo(prefixOnly);
    assertThat(Policies.parse(name).maxNodes()).as("the name parses again").isEqualTo(maxNodes);
  }

  @Test
  void everyCreatedPolicy_isANewOne() {
    PolicySpec spec = Policies.parse("adaspec");

    assertThat(spec.factory().create(ToyEngine.COST))
        .isNotSameAs(spec.factory().create(ToyEngine.COST));
  }

  @ParameterizedTest
  @CsvSource({
    "adaspecs, adaspec",
    "ada-spec, adaspec",
    "fixd:4, fixed",
    "autoregresive, autoregressive",
    "static_tree, static-tree",
    "smart-spec, smartspec",
    "Threshold, threshold",
  })
  void anUnknownName_isAnsweredWithTheNearestFirst(String text, String nearest) {
    String name = text.split(":", -1)[0];

    assertThatThrownBy(() -> Policies.parse(text))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith("unknown policy '" + name + "'; nearest: " + nearest + ", ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", ":4", " adaspec", "xyz"})
  void whatIsNoNameAtAll_isUnknown(String text) {
    assertThatThrownBy(() -> Policies.parse(text))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith("unknown policy '");
  }

  @ParameterizedTest
  @CsvSource({
    "fixed, 'fixed: k must be an integer from 1 to 32, not '''''",
    "fixed:, 'fixed: k must be an integer from 1 to 32, not '''''",
    "fixed:0, 'fixed: k must be an integer from 1 to 32, not ''0'''",
    "fixed:33, 'fixed: k must be an integer from 1 to 32, not ''33'''",
    "fixed:-1, 'fixed: k must be an integer from 1 to 32, not ''-1'''",
    "fixed:four, 'fixed: k must be an integer from 1 to 32, not ''four'''",
    "fixed:4.0, 'fixed: k must be an integer from 1 to 32, not ''4.0'''",
    "fixed:9999999999, 'fixed: k must be an integer from 1 to 32, not ''9999999999'''",
    "fixed:4:5, 'fixed: k must be an integer from 1 to 32, not ''4:5'''",
    "adaspec:0, 'adaspec: k_max must be an integer from 1 to 32, not ''0'''",
    "adaspec:x, 'adaspec: k_max must be an integer from 1 to 32, not ''x'''",
    "autoregressive:1, 'autoregressive takes no parameters, not ''1'''",
    "bandit:1, 'bandit takes no parameters, not ''1'''",
    "smartspec:1, 'smartspec takes no parameters, not ''1'''",
    "threshold:1, 'threshold: τ must be a number between 0 and 1, not ''1'''",
    "threshold:NaN, 'threshold: τ must be a number between 0 and 1, not ''NaN'''",
    "threshold:low, 'threshold: τ must be a number between 0 and 1, not ''low'''",
    "prompt-lookup:3, 'prompt-lookup: needs n,k, not ''3'''",
    "adaspec-plus:0, 'adaspec-plus: k_max must be an integer from 1 to 32, not ''0'''",
    "adaspec-plus:no-tree, 'adaspec-plus: unknown option ''no-tree''; nearest: no-trees, no-slack,"
        + " no-pruning'",
    "sequoia:16, 'sequoia: needs n,d, not ''16'''",
    "'sequoia:0,6', 'sequoia: n must be an integer from 1 to 512, not ''0'''",
    "'prompt-lookup:0,4', 'prompt-lookup: n must be an integer from 1 to 16, not ''0'''",
    "'prompt-lookup:3,0', 'prompt-lookup: k must be an integer from 1 to 32, not ''0'''",
    "'static-tree:2,0', 'static-tree: k2 must be an integer from 1 to 64, not ''0'''",
    "'static-tree:2,', 'static-tree: k2 must be an integer from 1 to 64, not '''''",
    "'static-tree:64,64', 'static-tree: ''64,64'' has more than 1024 nodes'",
    "batch-schedule, 'batch-schedule: a range looks like 1-4=5, not '''''",
    "batch-schedule:4, 'batch-schedule: a range looks like 1-4=5, not ''4'''",
    "batch-schedule:4-1=2, 'batch-schedule: empty range ''4-1=2'''",
    "batch-schedule:0-1=2, 'batch-schedule: empty range ''0-1=2'''",
    "batch-schedule:1-2=33, 'batch-schedule: k must be an integer from 0 to 32, not ''33'''",
    "batch-schedule:1-2=0, 'batch-schedule: every k is 0; use autoregressive instead'",
    "'batch-schedule:1-4=2,4=1', 'batch-schedule: range ''4=1'' overlaps the one before it, which"
        + " ends at 4'",
  })
  void parametersThatCannotBe_areRefusedWithTheValue(String text, String complaint) {
    assertThatThrownBy(() -> Policies.parse(text))
        .isInstanceOf(PolicyException.class)
        .hasMessage(complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adaspec", "threshold"})
  void aPolicyThatLooksAtConfidences_refusesSampledDrafts(String text) {
    PolicySpec spec = Policies.parse(text);

    assertThatCode(() -> spec.requireLossless(DraftSampling.DETERMINISTIC))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> spec.requireLossless(DraftSampling.SAMPLED))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith(spec.name());
  }

  @Test
  void aPolicyOfThePrefixAlone_takesSampledDrafts() {
    assertThatCode(() -> Policies.parse("fixed:4").requireLossless(DraftSampling.SAMPLED))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"0, DRAFT_MODEL", "0, POLICY", "4, NONE", "-1, NONE"})
  void roomForDraftTokensAndTheirSource_mustAgree(int maxNodes, Source source) {
    assertThatThrownBy(
            () -> new PolicySpec("p", maxNodes, source, true, cost -> new FixedLength(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p: " + maxNodes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoregressive",
        "fixed:3",
        "static-tree:3,1",
        "threshold:0.1",
        "batch-schedule:1-4=2",
        "bandit",
        "prompt-lookup:1,2"
      })
  void aPolicyWithoutCosts_neverAsksForThem(String text) {
    PolicySpec spec = Policies.parse(text);
    CostModel unanswering =
        (CostModel)
            Proxy.newProxyInstance(
                CostModel.class.getClassLoader(),
                new Class<?>[] {CostModel.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError(spec.name() + " asks for " + method.getName());
                });
    PolicySpec unanswered =
        new PolicySpec(
            spec.name(),
            spec.maxNodes(),
            spec.source(),
            spec.prefixOnly(),
            cost -> spec.factory().create(unanswering));
    ToyModel model = ToyModel.random(5, 2, 2, 3);
    ToyEngine engine = new ToyEngine(5, model, model);
    Request request =
        new Request(1, new int[4], 40, new int[0], SamplingParams.GREEDY, Slo.UNCONSTRAINED, 0);

    assertThat(spec.asksCosts()).isFalse();
    assertThat(engine.serve(unanswered, List.of(request)).get(1L)).hasSize(40);
    // A policy that drafts nothing would prove nothing.
    assertThat(engine.steps.stream().anyMatch(step -> step.drafted() > 0))
        .isEqualTo(!text.equals("autoregressive"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"adaspec", "adaspec-plus", "smartspec", "sequoia"})
  void aPolicyThatPredicts_asksForCosts(String text) {
    assertThat(Policies.parse(text).asksCosts()).isTrue();
  }
}
