package io.adaspec.engine.sched;

import io.adaspec.engine.request.TokenEvent;
import java.util.List;

/// What a step's verdicts changed.
///
/// @param emitted tokens emitted, first tokens of prompts included
/// @param accepted accepted draft tokens
/// @param acceptedLate accepted draft tokens of requests whose objectives were out of reach
/// @param moveFrom cache slots whose entries must move so that accepted paths are contiguous
/// @param moveTo where they go, same length; never a slot that a later move reads
public record StepUpdate(
    List<TokenEvent> emissions,
    int emitted,
    int accepted,
    int acceptedLate,
    int[] moveFrom,
    int[] moveTo) {}
