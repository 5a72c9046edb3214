package io.adaspec.engine.exec.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// A TorchScript module built from source text: attributes first, methods after them, packed as the
/// `.pt` archive that libtorch loads. Attributes start empty and are bound by a method of the
/// module.
final class ScriptArchive {
  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private record Attribute(String name, String type, char emptyPickle) {}

  private final List<Attribute> attributes = new ArrayList<>();
  private final StringBuilder methods = new StringBuilder();

  /// Declares a `List[Tensor]` attribute, empty at load.
  ScriptArchive tensorList(String name) {
    return list(name, "Tensor");
  }

  /// Declares a list attribute, empty at load.
  ScriptArchive list(String name, String type) {
    attributes.add(new Attribute(name, "List[" + type + "]", ']'));
    return this;
  }

  /// Appends methods: Python text whose first column is the `def`.
  ScriptArchive methods(String text) {
    methods.append(text.indent(2));
    return this;
  }

  /// The module's source as libtorch sees it.
  String source() {
    StringBuilder text =
        new StringBuilder("class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
    for (Attribute a : attributes) {
      text.append("  ").append(a.name()).append(" : ").append(a.type()).append('\n');
    }
    return text.append(methods).toString();
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      entry(zip, "m/version", "10\n".getBytes(StandardCharsets.UTF_8));
      entry(zip, "m/constants.pkl", EMPTY_TUPLE);
      entry(zip, "m/data.pkl", pickledModule());
      entry(zip, "m/code/__torch__.py", source().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Pickle protocol 2 of one `__torch__.M` object whose state is a dictionary of empty attributes.
  private byte[] pickledModule() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x80, 2});
    out.write("c__torch__\nM\n)".getBytes(StandardCharsets.UTF_8));
    out.write(new byte[] {(byte) 0x81, '}', '('});
    for (Attribute a : attributes) {
      byte[] name = a.name().getBytes(StandardCharsets.UTF_8);
      out.write('X');
      out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(name.length).array());
      out.write(name);
      out.write(a.emptyPickle());
    }
    out.write("ub.".getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] data) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(data);
    ZipEntry entry = new ZipEntry(name);
    entry.setSize(data.length);
    entry.setCompressedSize(data.length);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }
}
