/// What a model directory holds: configuration, weights and tokenizer, read and checked without an
/// engine.
package io.adaspec.engine.model;
