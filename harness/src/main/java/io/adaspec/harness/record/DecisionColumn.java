package io.adaspec.harness.record;

import io.adaspec.engine.Decision;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/// The [Decision]s of a step.
final class DecisionColumn {
  private static final String TOKENS = "tokens";

  static final Field FIELD =
      Table.structs(
          "decisions",
          "one entry per decoding request; empty where decisions are not recorded or the step"
              + " failed",
          Table.field("request", Table.INT64, "", "number of the request"),
          Table.field("context_tokens", Table.INT32, TOKENS, "in the target's cache"),
          Table.field("draft_lag", Table.INT32, TOKENS, "that the draft has not seen"),
          Table.field("max_nodes", Table.INT32, TOKENS, "draft tokens there is room for"),
          Table.field("max_depth", Table.INT32, TOKENS, "longest path that may be proposed"),
          Table.field("output_tokens", Table.INT32, TOKENS, "emitted before this step"),
          Table.field("first_token_ns", Table.INT64, "ns", "first emission"),
          Table.structs(
              "nodes",
              "draft tokens in the order they were drafted; the first is node 1",
              Table.field("parent", Table.INT32, "", "node of the parent, 0 for the root"),
              Table.field("confidence", Table.FLOAT32, "", "the draft's probability of it"),
              Table.field("kept", ArrowType.Bool.INSTANCE, "", "whether it was verified"),
              Table.field("accepted", ArrowType.Bool.INSTANCE, "", "whether it was accepted"),
              Table.field(
                  "matched",
                  ArrowType.Bool.INSTANCE,
                  "",
                  "whether the target emitted it in its place, verified or not"),
              Table.field(
                  "forward",
                  Table.INT32,
                  "",
                  "draft forward of the step that added it, from 1; 0 where the policy did")),
          Table.field("emitted", Table.INT32, TOKENS, "emitted in this step"));

  private final ListVector list;
  private final StructVector items;
  private final BigIntVector request;
  private final IntVector contextTokens;
  private final IntVector draftLag;
  private final IntVector maxNodes;
  private final IntVector maxDepth;
  private final IntVector outputTokens;
  private final BigIntVector firstTokenNanos;
  private final ListVector nodes;
  private final StructVector nodeItems;
  private final IntVector parent;
  private final Float4Vector confidence;
  private final BitVector kept;
  private final BitVector accepted;
  private final BitVector matched;
  private final IntVector forward;
  private final IntVector emitted;

  /// The column's vectors by name.
  private DecisionColumn(FieldVector column) {
    list = (ListVector) column;
    items = (StructVector) list.getDataVector();
    request = items.getChild("request", BigIntVector.class);
    contextTokens = items.getChild("context_tokens", IntVector.class);
    draftLag = items.getChild("draft_lag", IntVector.class);
    maxNodes = items.getChild("max_nodes", IntVector.class);
    maxDepth = items.getChild("max_depth", IntVector.class);
    outputTokens = items.getChild("output_tokens", IntVector.class);
    firstTokenNanos = items.getChild("first_token_ns", BigIntVector.class);
    nodes = items.getChild("nodes", ListVector.class);
    nodeItems = (StructVector) nodes.getDataVector();
    parent = nodeItems.getChild("parent", IntVector.class);
    confidence = nodeItems.getChild("confidence", Float4Vector.class);
    kept = nodeItems.getChild("kept", BitVector.class);
    accepted = nodeItems.getChild("accepted", BitVector.class);
    matched = nodeItems.getChild("matched", BitVector.class);
    forward = nodeItems.getChild("forward", IntVector.class);
    emitted = items.getChild("emitted", IntVector.class);
  }

  static void write(FieldVector column, int index, List<Decision> decisions, long origin) {
    if (decisions.isEmpty()) {
      ListVector list = (ListVector) column;
      list.startNewValue(index);
      list.endValue(index, 0);
    } else {
      new DecisionColumn(column).write(index, decisions, origin);
    }
  }

  private void write(int index, List<Decision> decisions, long origin) {
    int start = list.startNewValue(index);
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      int at = start + i;
      items.setIndexDefined(at);
      request.setSafe(at, decision.requestId());
      contextTokens.setSafe(at, decision.contextTokens());
      draftLag.setSafe(at, decision.draftLag());
      maxNodes.setSafe(at, decision.maxNodes());
      maxDepth.setSafe(at, decision.maxDepth());
      outputTokens.setSafe(at, decision.outputTokens());
      firstTokenNanos.setSafe(at, decision.firstTokenNanos() - origin);
      writeNodes(at, decision.nodes());
      emitted.setSafe(at, decision.emitted());
    }
    list.endValue(index, decisions.size());
  }

  private void writeNodes(int index, List<Decision.Node> written) {
    int start = nodes.startNewValue(index);
    for (int i = 0; i < written.size(); i++) {
      Decision.Node node = written.get(i);
      int at = start + i;
      nodeItems.setIndexDefined(at);
      parent.setSafe(at, node.parent());
      confidence.setSafe(at, node.confidence());
      kept.setSafe(at, node.kept() ? 1 : 0);
      accepted.setSafe(at, node.accepted() ? 1 : 0);
      matched.setSafe(at, node.matched() ? 1 : 0);
      forward.setSafe(at, node.forward());
    }
    nodes.endValue(index, written.size());
  }

  static List<Decision> read(Row row) {
    ListVector list = row.vector(FIELD.getName(), ListVector.class);
    int start = list.getElementStartIndex(row.index());
    int end = list.getElementEndIndex(row.index());
    return start == end ? List.of() : new DecisionColumn(list).read(start, end);
  }

  private List<Decision> read(int start, int end) {
    List<Decision> decisions = new ArrayList<>(end - start);
    for (int at = start; at < end; at++) {
      decisions.add(
          new Decision(
              request.get(at),
              contextTokens.get(at),
              draftLag.get(at),
              maxNodes.get(at),
              maxDepth.get(at),
              outputTokens.get(at),
              firstTokenNanos.get(at),
              readNodes(nodes.getElementStartIndex(at), nodes.getElementEndIndex(at)),
              emitted.get(at)));
    }
    return decisions;
  }

  private List<Decision.Node> readNodes(int start, int end) {
    List<Decision.Node> read = new ArrayList<>(end - start);
    for (int at = start; at < end; at++) {
      read.add(
          new Decision.Node(
              parent.get(at),
              confidence.get(at),
              kept.get(at) != 0,
              accepted.get(at) != 0,
              matched.get(at) != 0,
              forward.get(at)));
    }
    return read;
  }
}
