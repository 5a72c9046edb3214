package io.adaspec.harness.page;

/// A chart and all that is said about it.
///
/// @param id in links and file names, unique in a report
/// @param reading one sentence on how to read it
/// @param note what to keep in mind about these data, empty for nothing
record Chart(
    String id, String title, String reading, String note, Drawing drawing, DataTable data) {}
