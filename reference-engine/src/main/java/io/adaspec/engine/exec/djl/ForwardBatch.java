package io.adaspec.engine.exec.djl;

import io.adaspec.engine.exec.ExecutorException;
import io.adaspec.engine.request.BlockTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The tokens of one forward: *spans*, one per sequence, of *rows*, one per token. A row attends to
/// all cells of its sequence below its limit and to the further cells that are made visible one by
/// one (tree nodes). Reused from forward to forward.
final class ForwardBatch {
  /// Rows of a span and how far their sequence's cells are read.
  ///
  /// @param cells one more than the highest cell that a row of the span attends to
  record Span(BlockTable blocks, int firstRow, int rows, int cells) {}

  private final int vocabulary;
  private final int positions;
  private final List<Span> spans = new ArrayList<>();
  private BlockTable open;
  private int openRow;
  private int openCells;
  private int rows;
  private int[] tokens = new int[64];
  private int[] position = new int[64];
  private int[] cell = new int[64];
  private int[] limit = new int[64];
  private int[] visibleEnd = new int[64];
  private int[] visible = new int[64];
  private int visibleCount;
  private int[] scored = new int[64];
  private int scoredCount;

  /// @param positions the model's context length
  ForwardBatch(int vocabulary, int positions) {
    this.vocabulary = vocabulary;
    this.positions = positions;
  }

  void clear() {
    spans.clear();
    open = null;
    rows = 0;
    visibleCount = 0;
    scoredCount = 0;
  }

  /// Starts the rows of another sequence.
  void span(BlockTable blocks) {
    close();
    open = blocks;
    openRow = rows;
    openCells = 0;
  }

  /// Adds a token of the sequence whose key and value go to `cell`; it attends to the cells below
  /// `limit`.
  void row(int token, int rotaryPosition, int itsCell, int itsLimit) {
    if (token < 0 || token >= vocabulary) {
      throw new IllegalArgumentException("token must be in [0, " + vocabulary + "): " + token);
    }
    if (rotaryPosition >= positions) {
      throw new ExecutorException(
          "position " + rotaryPosition + " exceeds the model's context of " + positions + " tokens",
          null);
    }
    if (rows == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * rows);
      position = Arrays.copyOf(position, 2 * rows);
      cell = Arrays.copyOf(cell, 2 * rows);
      limit = Arrays.copyOf(limit, 2 * rows);
      visibleEnd = Arrays.copyOf(visibleEnd, 2 * rows);
    }
    tokens[rows] = token;
    position[rows] = rotaryPosition;
    cell[rows] = itsCell;
    limit[rows] = itsLimit;
    visibleEnd[rows++] = visibleCount;
    openCells = Math.max(openCells, itsLimit);
  }

  /// Adds a token that attends to its whole past and itself.
  void causalRow(int token, int itsCell) {
    row(token, itsCell, itsCell, itsCell + 1);
  }

  /// Makes a cell at or above its limit visible to the newest row.
  void visible(int itsCell) {
    if (visibleCount == visible.length) {
      visible = Arrays.copyOf(visible, 2 * visibleCount);
    }
    visible[visibleCount++] = itsCell;
    visibleEnd[rows - 1] = visibleCount;
    openCells = Math.max(openCells, itsCell + 1);
  }

  /// Asks for scores of the newest row; they are numbered in the order asked for.
  int score() {
    if (scoredCount == scored.length) {
      scored = Arrays.copyOf(scored, 2 * scoredCount);
    }
    scored[scoredCount] = rows - 1;
    return scoredCount++;
  }

  private void close() {
    if (open != null && rows > openRow) {
      spans.add(new Span(open, openRow, rows - openRow, openCells));
    }
    open = null;
  }

  List<Span> spans() {
    close();
    return spans;
  }

  int rows() {
    return rows;
  }

  int scored() {
    return scoredCount;
  }

  int scoredRow(int score) {
    return scored[score];
  }

  int token(int row) {
    return tokens[row];
  }

  int position(int row) {
    return position[row];
  }

  int cell(int row) {
    return cell[row];
  }

  int limit(int row) {
    return limit[row];
  }

  /// The cells made visible to `row` are `visibleCell(visibleFrom(row)) ..
  /// visibleCell(visibleTo(row) - 1)`.
  int visibleFrom(int row) {
    return row == 0 ? 0 : visibleEnd[row - 1];
  }

  int visibleTo(int row) {
    return visibleEnd[row];
  }

  int visibleCell(int index) {
    return visible[index];
  }
}
