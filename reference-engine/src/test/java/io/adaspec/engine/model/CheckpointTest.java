package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {
  @TempDir Path directory;

  private void shard(String file, String tensor, float value) throws IOException {
    String header =
        "{\"%s\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}"
            .formatted(tensor);
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).putFloat(value);
    Files.write(directory.resolve(file), bytes.array());
  }

  private void index(String weightMap) throws IOException {
    Files.writeString(
        directory.resolve("model.safetensors.index.json"), "{\"weight_map\": " + weightMap + "}");
  }

  @Test
  void shardsAreOneCheckpoint() throws IOException {
    shard("one.safetensors", "x", 1.5f);
    shard("two.safetensors", "y", 2.5f);
    index("{\"x\": \"one.safetensors\", \"y\": \"two.safetensors\"}");
    Checkpoint checkpoint = Checkpoint.open(directory);
    assertThat(checkpoint.tensor("x", 1).buffer().getFloat()).isEqualTo(1.5f);
    assertThat(checkpoint.tensor("y", 1).buffer().getFloat()).isEqualTo(2.5f);
    assertThatThrownBy(() -> checkpoint.tensor("z", 1))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'z' is missing");
  }

  @Test
  void aTensorInTwoShardsIsADuplicate() throws IOException {
    shard("one.safetensors", "x", 1);
    shard("two.safetensors", "x", 2);
    index("{\"x\": \"one.safetensors\", \"y\": \"two.safetensors\"}");
    assertThatThrownBy(() -> Checkpoint.open(directory)).hasMessageContaining("'x' is a duplicate");
  }

  @Test
  void shardsOutsideTheDirectoryAndMissingFilesAreRefused() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("holds neither model.safetensors nor");
    index("{\"x\": \"../one.safetensors\"}");
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .hasMessageContaining("outside the directory: ../one.safetensors");
    index("{\"x\": \"one.safetensors\"}");
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("one.safetensors: cannot be read");
    index("[]");
    assertThatThrownBy(() -> Checkpoint.open(directory)).hasMessageContaining("lacks weight_map");
  }
}
