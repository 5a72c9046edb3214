package io.adaspec.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adaspec.engine.model.ChatTemplate.Message;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Template constructs that checkpoints of the Llama family use, and what Hugging Face renders.
final class ChatTemplateTest {
  private static final List<Message> QUESTION = List.of(new Message("user", " Why? "));

  private static ChatTemplate template(String text) {
    return new ChatTemplate("model", text, Map.of("bos_token", "<s>", "eos_token", "</s>"));
  }

  private static String render(String text) {
    return template(text).render(QUESTION);
  }

  @Test
  void chatMlWithADefaultSystemMessage() {
    String text =
        """
        {% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '[im]system\\nHelp.[/im]\\n' }}{% endif %}\
        {{'[im]' + message['role'] + '\\n' + message['content'] + '[/im]' + '\\n'}}{% endfor %}\
        {% if add_generation_prompt %}{{ '[im]assistant\\n' }}{% endif %}\
        """;
    assertThat(render(text))
        .isEqualTo("[im]system\nHelp.[/im]\n[im]user\n Why? [/im]\n[im]assistant\n");
    assertThat(
            template(text)
                .render(List.of(new Message("system", "Be brief."), new Message("user", "Why?"))))
        .isEqualTo("[im]system\nBe brief.[/im]\n[im]user\nWhy?[/im]\n[im]assistant\n");
  }

  @Test
  void blocksOnLinesOfTheirOwnLeaveNoLineBreaks() {
    String text =
        """
        {% for message in messages %}
          {% if message['role'] == 'user' %}
        {{ '[user]\\n' + message['content'] + eos_token }}
        {% endif %}
        {% if loop.last and add_generation_prompt %}
        {{ '[assistant]' }}
        {% endif %}
        {% endfor %}
        """;
    assertThat(render(text)).isEqualTo("[user]\n Why? </s>\n[assistant]\n");
  }

  @Test
  void variablesFiltersMethodsAndTrimmingDashes() {
    assertThat(
            render(
                """
                {%- set turns = messages %}
                {%- for turn in turns %}
                    {%- set content = turn.content | trim + '.' %}
                    {%- if loop.index0 == 0 %}
                        {%- set content = bos_token + content %}
                    {%- endif %}
                    {{- content + ' ' + turn['content'].strip() }}
                {%- endfor %}
                """))
        .isEqualTo("<s>Why?. Why?");
  }

  @Test
  void whatIsNotThereIsFalse() {
    assertThat(render("{% if tools %}tools{% else %}none{% endif %}")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ bos_token }}", "{% if %}", "{# x #}", "a\\nb", "<b>&amp;'\"", "${x}"})
  void whatAMessageSaysIsNotTemplateText(String content) {
    assertThat(
            template(
                    "{{ messages[0]['content'] }}|{% for m in messages %}{{ m.content }}{% endfor"
                        + " %}")
                .render(List.of(new Message("user", content))))
        .isEqualTo(content + "|" + content);
  }

  @Test
  void aTemplateMayRefuse() {
    ChatTemplate strict =
        template(
            "{% if messages[0]['role'] != 'system' %}{{ raise_exception('system first') }}{%"
                + " endif %}ok");
    assertThat(strict.render(List.of(new Message("system", "x")))).isEqualTo("ok");
    assertThatThrownBy(() -> strict.render(QUESTION))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model: the chat template cannot be rendered")
        .hasMessageContaining("system first");
  }

  @Test
  void aBrokenTemplateIsNamed() {
    assertThatThrownBy(() -> render("{% for m in messages %}x"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("model: the chat template cannot be rendered: ");
  }
}
