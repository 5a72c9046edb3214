package io.adaspec.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The weights of a Hugging Face model directory: `model.safetensors`, or the shards that
/// `model.safetensors.index.json` names. Memory-mapped; nothing is copied here.
final class SafetensorsCheckpoint implements Checkpoint {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path directory;
  private final Map<String, SafetensorsFile> fileOf = new HashMap<>();

  private SafetensorsCheckpoint(Path directory) {
    this.directory = directory;
  }

  /// @throws CheckpointException where no weights are there or a file is damaged
  static SafetensorsCheckpoint open(Path directory) {
    SafetensorsCheckpoint checkpoint = new SafetensorsCheckpoint(directory);
    if (Files.exists(directory.resolve(SINGLE))) {
      SafetensorsFile file = SafetensorsFile.open(directory.resolve(SINGLE));
      file.names().forEach(name -> checkpoint.fileOf.put(name, file));
    } else if (Files.exists(directory.resolve(INDEX))) {
      checkpoint.openShards(directory.resolve(INDEX));
    } else {
      throw new CheckpointException(directory + ": holds neither " + SINGLE + " nor " + INDEX);
    }
    return checkpoint;
  }

  private void openShards(Path index) {
    JsonNode map;
    try {
      map = new ObjectMapper().readTree(Files.readAllBytes(index)).path("weight_map");
    } catch (JsonProcessingException e) {
      throw new CheckpointException(index + ": not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(index + ": cannot be read: " + e.getMessage(), e);
    }
    if (!map.isObject()) {
      throw new CheckpointException(index + ": lacks weight_map");
    }
    Map<String, SafetensorsFile> shards = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asText();
      Path file = directory.resolve(shard).normalize();
      if (shard.isEmpty() || !directory.normalize().equals(file.getParent())) {
        throw new CheckpointException(
            index
                + ": tensor '"
                + entry.getKey()
                + "' names a file outside the directory: "
                + shard);
      }
      fileOf.put(entry.getKey(), shards.computeIfAbsent(shard, s -> SafetensorsFile.open(file)));
    }
    refuseDuplicates(index, shards);
  }

  private void refuseDuplicates(Path index, Map<String, SafetensorsFile> shards) {
    shards.forEach(
        (shard, file) -> {
          for (String name : file.names()) {
            if (fileOf.get(name) != null && fileOf.get(name) != file) {
              throw new CheckpointException(
                  index + ": tensor '" + name + "' is a duplicate in " + shard);
            }
          }
        });
  }

  @Override
  public TensorInfo tensor(String name, long... shape) {
    SafetensorsFile file = fileOf.get(name);
    if (file == null) {
      throw new CheckpointException(directory + ": tensor '" + name + "' is missing");
    }
    List<Long> wanted = Arrays.stream(shape).boxed().toList();
    return file.tensor(name, wanted);
  }

  /// Mapped memory goes with the last tensor that is reachable.
  @Override
  public void close() {}
}
