package io.adaspec.engine.model;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.FatalTemplateErrorsException;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.TemplateError.ErrorReason;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Jinja template with which a checkpoint says how a conversation is written for its model.
///
/// Rendered as Hugging Face does: blocks take the line break behind them and the indentation before
/// them along, `raise_exception` refuses a conversation. What a message says is never taken for
/// template text.
public final class ChatTemplate {
  private static final JinjavaConfig AS_HUGGING_FACE =
      JinjavaConfig.newBuilder()
          .withTrimBlocks(true)
          .withLstripBlocks(true)
          .withNestedInterpretationEnabled(false)
          .withLegacyOverrides(
              LegacyOverrides.newBuilder()
                  .withUseTrimmingForNotesAndExpressions(true)
                  .withParseWhitespaceControlStrictly(true)
                  .build())
          .build();

  private final String source;
  private final String template;
  private final Map<String, String> specialTokens;

  /// @param source the file, for messages
  /// @param specialTokens their texts by the names that templates use, such as `bos_token`
  ChatTemplate(String source, String template, Map<String, String> specialTokens) {
    this.source = source;
    this.template =
        template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
    this.specialTokens = Map.copyOf(specialTokens);
  }

  /// One contribution to a conversation.
  ///
  /// @param role `system`, `user` or `assistant`
  public record Message(String role, String content) {}

  /// The text of a conversation up to where the assistant's next reply begins. Special tokens are
  /// part of the text.
  ///
  /// @throws ModelException where the template cannot be rendered or refuses the conversation
  public String render(List<Message> messages) {
    Jinjava jinja = new Jinjava(AS_HUGGING_FACE);
    jinja
        .getGlobalContext()
        .registerFunction(
            new ELFunctionDefinition(
                "", "raise_exception", ChatTemplate.class, "raiseException", String.class));
    List<Map<String, String>> turns =
        messages.stream().map(m -> Map.of("role", m.role(), "content", m.content())).toList();
    Map<String, Object> context = new HashMap<>(specialTokens);
    context.put("messages", turns);
    context.put("add_generation_prompt", true);
    RenderResult result;
    try {
      result = jinja.renderForResult(template, context);
    } catch (FatalTemplateErrorsException e) {
      throw error(e.getMessage());
    }
    for (TemplateError error : result.getErrors()) {
      // Templates ask for optional things, such as tools, which are then not there.
      if (error.getReason() != ErrorReason.UNKNOWN) {
        throw error(refusal(error.getException()).orElse(error.getMessage()));
      }
    }
    return result.getOutput();
  }

  /// What the template itself said, below the engine's wrapping.
  private static Optional<String> refusal(Throwable thrown) {
    Throwable cause = thrown;
    while (cause != null && !(cause instanceof ModelException)) {
      cause = cause.getCause();
    }
    return Optional.ofNullable(cause).map(Throwable::getMessage);
  }

  /// What templates call to refuse a conversation; public for the template engine.
  public static String raiseException(String message) {
    throw new ModelException(message);
  }

  private ModelException error(String why) {
    return new ModelException(source + ": the chat template cannot be rendered: " + why);
  }
}
