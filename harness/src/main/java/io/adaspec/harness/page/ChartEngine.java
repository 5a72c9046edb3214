package io.adaspec.harness.page;

import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.ScriptableObject;

/// ECharts and `charts.js` in a JavaScript interpreter. For one thread.
final class ChartEngine implements AutoCloseable {
  private static final int WIDTH = 680;

  /// ECharts asks for a timer and gets one that never fires: nothing moves in a file.
  private static final String PREPARE =
      "var self = this; function setTimeout() { return 0; } function clearTimeout() {}";

  private final Context context;
  private final ScriptableObject scope;

  ChartEngine(PageData data) {
    context = Context.enter();
    context.setLanguageVersion(Context.VERSION_ES6);
    context.setInterpretedMode(true); // ECharts is beyond the size of a compiled method
    scope = context.initSafeStandardObjects();
    run("prepare", PREPARE);
    run("echarts", Assets.echarts());
    run("charts.js", Assets.own("charts.js"));
    ScriptableObject.putProperty(scope, "json", data.json());
    run("data", "var data = JSON.parse(json)");
  }

  /// Draws the chart with that id for a paper: light, with its legend.
  String svg(String id) {
    Function draw =
        (Function) run("draw", "(function (id, width) { return adaspec.svg(data, id, width); })");
    return Context.toString(draw.call(context, scope, scope, new Object[] {id, WIDTH}));
  }

  private Object run(String name, String script) {
    return context.evaluateString(scope, script, name, 1, null);
  }

  @Override
  public void close() {
    Context.exit();
  }
}
