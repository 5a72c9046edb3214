package io.adaspec.harness.page;

import java.util.List;

/// Charts under one heading.
record Section(String id, String title, List<Chart> charts) {}
