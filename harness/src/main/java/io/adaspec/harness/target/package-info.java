/// What a run is aimed at: something that serves requests.
package io.adaspec.harness.target;
