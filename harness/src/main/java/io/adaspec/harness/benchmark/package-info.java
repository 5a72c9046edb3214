/// What a benchmark runs, what it is compared with, and what that means for a build.
package io.adaspec.harness.benchmark;
