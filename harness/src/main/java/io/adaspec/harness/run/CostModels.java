package io.adaspec.harness.run;

import io.adaspec.engine.exec.LatencyProfile;
import io.adaspec.engine.exec.ProfiledCostModel;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.PolicySpec;
import io.adaspec.engine.spec.UnknownCosts;
import java.util.Optional;

/// What an engine predicts with.
public final class CostModels {
  private CostModels() {}

  /// A fresh model for one engine; without a profile it predicts nothing.
  ///
  /// @throws IllegalArgumentException where the policy asks for predictions and there is no profile
  public static CostModel of(PolicySpec policy, Optional<LatencyProfile> profile) {
    if (profile.isEmpty() && policy.asksCosts()) {
      throw new IllegalArgumentException(policy.name() + " needs a latency profile");
    }
    return profile.<CostModel>map(ProfiledCostModel::new).orElseGet(UnknownCosts::new);
  }
}
