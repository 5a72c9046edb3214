package io.adaspec.harness.record;

import io.adaspec.harness.GeneratedDocument;
import java.io.IOException;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/// `docs/file-formats.md` says what the schemas of the tables say.
class FileFormatsDocumentTest {
  @Test
  void theDocument_isTheSchemas() throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # File formats

            Generated from the schemas in `io.adaspec.harness.record`; do not edit. A test compares; this writes it anew:

                %s

            A result directory holds:

            | file | contents |
            |---|---|
            | `run.json` | what was run, on what, and how it ended (`RunInfo`); replaced in one atomic move |
            | `requests.arrow` | a row per request that has ended |
            | `steps.arrow` | a row per engine step |
            | `histograms.arrow` | latency histograms; written when the run ends |
            | `profile.json` | the latency profile that the policy predicted with (`LatencyProfile`) |

            Tables are Arrow IPC files (`pyarrow.ipc.open_file`). Every field carries `unit` and `doc` in its metadata; the schema
            carries `%s` and `%s` (now %d), and another version is refused. Times are nanoseconds from the
            origin of the run. Of a run that was killed, every whole batch is readable; `adaspec show --repair DIR` completes the files
            for other readers. A column is never null unless it says so.
            """
                .formatted(
                    GeneratedDocument.COMMAND,
                    Table.NAME_KEY,
                    Table.VERSION_KEY,
                    RunInfo.FORMAT_VERSION));
    table(text, "requests.arrow", RequestTable.of(0).schema());
    table(text, "steps.arrow", StepTable.of(0).schema());
    table(text, "histograms.arrow", Histograms.table().schema());
    GeneratedDocument.check("file-formats.md", text.toString());
  }

  private static void table(StringBuilder text, String name, Schema schema) {
    text.append("\n## ").append(name).append("\n\n");
    text.append("| column | type | unit | meaning |\n|---|---|---|---|\n");
    schema.getFields().forEach(field -> row(text, "", field));
  }

  private static void row(StringBuilder text, String prefix, Field field) {
    String path = prefix + field.getName();
    text.append(
        "| `%s` | %s%s | %s | %s |\n"
            .formatted(
                path,
                type(field),
                field.isNullable() ? ", nullable" : "",
                field.getMetadata().getOrDefault("unit", ""),
                field.getMetadata().getOrDefault("doc", "").replace("|", "\\|")));
    if (!field.getChildren().isEmpty()) {
      field
          .getChildren()
          .getFirst()
          .getChildren()
          .forEach(member -> row(text, path + "[].", member));
    }
  }

  private static String type(Field field) {
    return switch (field.getType().getTypeID()) {
      case List -> "list of " + type(field.getChildren().getFirst());
      case Struct -> "struct";
      case Int -> "int" + ((ArrowType.Int) field.getType()).getBitWidth();
      case FloatingPoint ->
          "float"
              + switch (((ArrowType.FloatingPoint) field.getType()).getPrecision()) {
                case HALF -> 16;
                case SINGLE -> 32;
                case DOUBLE -> 64;
              };
      case Utf8 -> "utf8";
      case Bool -> "bool";
      case Binary -> "binary";
      default -> throw new IllegalArgumentException("type without a name: " + field);
    };
  }
}
