package io.adaspec.harness.record;

import io.adaspec.engine.request.Calibration;
import io.adaspec.engine.request.RequestStats;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;

/// The bins of a [Calibration].
final class CalibrationColumn {
  private static final String JUDGED = "judged";
  private static final String ACCEPTED = "accepted";
  private static final String CONFIDENCE_SUM = "confidence_sum";

  static final Field FIELD =
      Table.structs(
          "calibration",
          "judged draft tokens in ten equal bins of confidence, from 0 to 1; empty where the target"
              + " does not tell",
          Table.field(JUDGED, Table.INT32, "tokens", "judged in this bin"),
          Table.field(ACCEPTED, Table.INT32, "tokens", "those of them that were accepted"),
          Table.field(CONFIDENCE_SUM, Table.FLOAT64, "", "sum of their confidences"));

  private CalibrationColumn() {}

  static void write(ListVector list, int index, RequestStats stats) {
    Calibration calibration = stats.calibration();
    int bins = stats.told() ? Calibration.BINS : 0;
    StructVector items = (StructVector) list.getDataVector();
    IntVector judged = items.getChild(JUDGED, IntVector.class);
    IntVector accepted = items.getChild(ACCEPTED, IntVector.class);
    Float8Vector sums = items.getChild(CONFIDENCE_SUM, Float8Vector.class);
    int start = list.startNewValue(index);
    for (int bin = 0; bin < bins; bin++) {
      items.setIndexDefined(start + bin);
      judged.setSafe(start + bin, calibration.judged()[bin]);
      accepted.setSafe(start + bin, calibration.accepted()[bin]);
      sums.setSafe(start + bin, calibration.confidenceSum()[bin]);
    }
    list.endValue(index, bins);
  }

  static Calibration read(Row row, double squaredError) {
    ListVector list = row.vector(FIELD.getName(), ListVector.class);
    StructVector items = (StructVector) list.getDataVector();
    IntVector judged = items.getChild(JUDGED, IntVector.class);
    IntVector accepted = items.getChild(ACCEPTED, IntVector.class);
    Float8Vector sums = items.getChild(CONFIDENCE_SUM, Float8Vector.class);
    int start = list.getElementStartIndex(row.index());
    int bins = list.getElementEndIndex(row.index()) - start;
    int[] judgedByBin = new int[bins];
    int[] acceptedByBin = new int[bins];
    double[] confidenceSum = new double[bins];
    for (int bin = 0; bin < bins; bin++) {
      judgedByBin[bin] = judged.get(start + bin);
      acceptedByBin[bin] = accepted.get(start + bin);
      confidenceSum[bin] = sums.get(start + bin);
    }
    return new Calibration(judgedByBin, acceptedByBin, confidenceSum, squaredError);
  }
}
