/// Models in the user's cache: where they come from, and whether they are still what was fetched.
package io.adaspec.harness.model;
