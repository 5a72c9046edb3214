package io.adaspec.harness.sim.gpu;

import io.adaspec.engine.spec.NearestNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The devices and models that are known: `devices.csv` with `kernels.csv` and `links.csv`, and
/// `models.csv`.
public final class Catalogue {
  private static final Catalogue INSTANCE = new Catalogue();

  private final Map<String, DeviceSpec> devices;
  private final Map<String, ModelShape> models;

  private Catalogue() {
    Map<String, KernelEfficiency> kernels =
        CatalogueTable.read("kernels.csv", KernelEfficiency::of);
    Map<String, CatalogueTable.Row> links = CatalogueTable.read("links.csv", row -> row);
    devices =
        CatalogueTable.read(
            "devices.csv",
            row ->
                new DeviceSpec(
                    row.text("name"),
                    row.text("product"),
                    row.number("memory_gb") * 1e9,
                    row.number("bandwidth_gb_s") * 1e9,
                    row.number("tflops_16") * 1e12,
                    row.number("tflops_8") * 1e12,
                    Link.of(referred(row, "link", links), row.number("link_gb_s") * 1e9 / 2),
                    referred(row, "kernels", kernels),
                    row.text("source")));
    models = CatalogueTable.read("models.csv", ModelShape::of);
  }

  public static List<DeviceSpec> devices() {
    return List.copyOf(INSTANCE.devices.values());
  }

  public static List<ModelShape> models() {
    return List.copyOf(INSTANCE.models.values());
  }

  /// @throws IllegalArgumentException with the nearest names
  public static DeviceSpec device(String name) {
    return found("device", name, INSTANCE.devices);
  }

  /// @throws IllegalArgumentException with the nearest names
  public static ModelShape model(String name) {
    return found("model", name, INSTANCE.models);
  }

  private static <T> T found(String kind, String name, Map<String, T> entries) {
    return Optional.ofNullable(entries.get(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown %s '%s'; nearest: %s; known: %s"
                        .formatted(
                            kind,
                            name,
                            NearestNames.of(name, entries.keySet()),
                            String.join(", ", entries.keySet()))));
  }

  private static <T> T referred(CatalogueTable.Row row, String column, Map<String, T> entries) {
    return Optional.ofNullable(entries.get(row.text(column)))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "%s: column '%s' names no row of %s.csv: %s"
                        .formatted(
                            row.place(),
                            column,
                            column.equals("link") ? "links" : column,
                            row.text(column))));
  }
}
