package io.adaspec.harness.sim.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
  /// The sizes that the models' pages state, in millions of parameters.
  @ParameterizedTest
  @CsvSource({
    "llama2-7b, 6738",
    "llama2-13b, 13016",
    "llama2-70b, 68977",
    "vicuna-33b, 32529",
    "codellama-34b, 33744",
    "llama3-8b, 8030",
    "llama3-70b, 70554",
    "qwen2.5-32b, 32764",
    "llama-68m, 68",
    "llama-160m, 162",
    "tinyllama-1.1b, 1100",
    "llama3.2-1b, 1236",
    "qwen2.5-0.5b, 494"
  })
  void shapesHaveTheModelsParameters(String name, double millions) {
    ModelShape model = Catalogue.model(name);
    double parameters = model.layerParameters() + model.embeddingParameters();
    assertThat(parameters / 1e6).isCloseTo(millions, within(0.005 * millions));
  }

  static Stream<ModelShape> models() {
    return Catalogue.models().stream();
  }

  @ParameterizedTest
  @MethodSource("models")
  void headsShareTheirKeysEvenly(ModelShape model) {
    assertThat(model.heads() % model.keyValueHeads()).isZero();
    if (!model.draft().equals("-")) {
      ModelShape draft = Catalogue.model(model.draft());
      assertThat(draft.tokenizer()).isEqualTo(model.tokenizer());
      assertThat(draft.layerParameters()).isLessThan(model.layerParameters() / 4);
    }
  }

  @Test
  void onlyDevicesWithEightBitUnitsMultiplyFaster() {
    for (DeviceSpec device : Catalogue.devices()) {
      boolean doubles = device.flops(WeightType.FP8) > 1.9 * device.flops(WeightType.FP16);
      assertThat(doubles).as(device.name()).isEqualTo(device.flops8() > 0);
      assertThat(device.flops(WeightType.INT4)).isEqualTo(device.flops16());
    }
    assertThat(Catalogue.device("a100").flops8()).isZero();
  }

  @Test
  void keysAndValuesOfLlama7b_areHalfAMebibytePerToken() {
    assertThat(Catalogue.model("llama2-7b").keyValueBytes(1)).isEqualTo(512 * 1024);
  }

  @Test
  void fewerKeyValueHeadsThanDevices_areReplicated() {
    ModelShape tiny = Catalogue.model("tinyllama-1.1b");
    assertThat(tiny.keyValueBytes(8)).isEqualTo(tiny.keyValueBytes(4));
    assertThat(tiny.keyValueBytes(2)).isEqualTo(2 * tiny.keyValueBytes(4));
  }

  @Test
  void unknownName_comesWithTheNearest() {
    assertThatThrownBy(() -> Catalogue.device("h10"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown device 'h10'; nearest: h100,");
  }

  @Test
  void damagedTable_isLocated() {
    assertThatThrownBy(() -> CatalogueTable.read("damaged-table.csv", row -> row.whole("layers")))
        .hasMessage("damaged-table.csv:4: column 'layers' is not a number: three");
    assertThatThrownBy(() -> CatalogueTable.read("damaged-table.csv", row -> row.text("heads")))
        .hasMessage("damaged-table.csv:3: no value in column 'heads'");
    assertThatThrownBy(() -> CatalogueTable.read("ragged-table.csv", row -> row))
        .hasMessage("ragged-table.csv:2: 1 cells under 2 columns");
  }
}
