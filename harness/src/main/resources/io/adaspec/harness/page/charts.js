/*
 * Draws the report's charts: the data of the page in, options of ECharts out. The page runs this in a browser, the SVG export
 * in Rhino: no document here, and of JavaScript only what both know.
 */
var adaspec = (function () {
  'use strict';

  // Told apart with every common colour blindness, and 3:1 against the background; from the eighth run on, lines are dashed.
  var THEMES = {
    light: {
      runs: ['#0b6fc2', '#cf4a0a', '#0a8a5f', '#a3407e', '#a77b00', '#2aa0c8', '#5b4fc0'],
      neutral: '#6b7280',
      text: '#374151',
      strong: '#111827',
      axis: '#9aa3af',
      grid: '#e6e9ee',
      surface: '#ffffff',
      mark: '#b42318',
      ramp: ['#f3f6fb', '#c9dcef', '#8fbadb', '#4a90c4', '#1d65a0', '#0b3c68'],
      parts: ['#0b6fc2', '#7db8e8', '#d97706', '#a3a8b3', '#a3407e', '#5b4fc0']
    },
    dark: {
      runs: ['#58a9f2', '#ff8650', '#36c492', '#e27fbd', '#dcb236', '#79d3ee', '#a99ff5'],
      neutral: '#a1a9b6',
      text: '#c3cad5',
      strong: '#f1f4f8',
      axis: '#69737f',
      grid: '#2b3139',
      surface: '#161a20',
      mark: '#ff8a80',
      ramp: ['#1c2430', '#20456b', '#2b6ca6', '#4f97d1', '#92c3ea', '#dceefb'],
      parts: ['#58a9f2', '#2d6392', '#f0a03c', '#78808c', '#e27fbd', '#a99ff5']
    }
  };
  var DASHES = ['solid', [6, 3], [2, 3]];
  // Without quotes: the server-side renderer writes them into an attribute as they are.
  var FONT = 'ui-sans-serif, system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif';

  function style(run, theme) {
    if (run.colour < 0) {
      return { color: theme.neutral, dash: 'solid' };
    }
    var count = theme.runs.length;
    return { color: theme.runs[run.colour % count], dash: DASHES[Math.floor(run.colour / count) % DASHES.length] };
  }

  // ---- data

  function column(chart, key) {
    var columns = chart.data.columns;
    for (var i = 0; i < columns.length; i++) {
      if (columns[i].key === key) {
        return chart.data.values[i];
      }
    }
    return null;
  }

  function distinct(values) {
    var seen = [];
    values.forEach(function (value) {
      if (seen.indexOf(value) < 0) {
        seen.push(value);
      }
    });
    return seen;
  }

  /** A number to three or four significant digits. */
  function format(value) {
    if (value === null || value === undefined || isNaN(value)) {
      return '–';
    }
    var size = Math.abs(value);
    var digits = size >= 1000 || size === 0 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
    var text = size > 0 && size < 0.001 ? value.toPrecision(3) : value.toFixed(digits);
    if (text.indexOf('.') >= 0 && text.indexOf('e') < 0) {
      text = text.replace(/0+$/, '').replace(/\.$/, '');
    }
    return thousands(text);
  }

  function thousands(text) {
    var parts = text.split('.');
    parts[0] = parts[0].replace(/\B(?=(\d{3})+(?!\d))/g, ',');
    return parts.join('.');
  }

  // ---- axes: logarithms are taken here, as ECharts' own logarithmic axis has labels at powers of ten only

  function forward(axis, value) {
    if (value === null) {
      return null;
    }
    switch (axis.scale) {
      case 'LOG':
        return value > 0 ? Math.log(value) / Math.LN10 : null;
      case 'NINES':
        return value < 100 ? -Math.log(1 - value / 100) / Math.LN10 : null;
      default:
        return value;
    }
  }

  function backward(axis, value) {
    switch (axis.scale) {
      case 'LOG':
        return Math.pow(10, value);
      case 'NINES':
        return 100 * (1 - Math.pow(10, -value));
      default:
        return value;
    }
  }

  var NINES = { 0: '0', 3: '50', 6: '75', 10: '90', 13: '95', 20: '99', 23: '99.5', 30: '99.9', 40: '99.99', 50: '99.999' };

  /** Label of the tick at tenths of a decade: 1, 2 and 5 lie at 0, 3 and 7, to within 0.3 %. */
  function tickLabel(axis, tenth, decades) {
    if (axis.scale === 'NINES') {
      var label = NINES[tenth];
      return label === undefined || (decades > 3 && [6, 13, 23].indexOf(tenth) >= 0) ? '' : label;
    }
    var within = ((tenth % 10) + 10) % 10;
    var wanted = decades > 4 ? [0] : decades > 2 ? [0, 5] : decades > 0.8 ? [0, 3, 7] : [0, 2, 3, 4, 5, 6, 7, 8, 9];
    if (wanted.indexOf(within) < 0) {
      return '';
    }
    var mantissa = [1, 1.25, 1.6, 2, 2.5, 3, 4, 5, 6.3, 8][within];
    var power = Math.floor(tenth / 10);
    return thousands(String(parseFloat((mantissa * Math.pow(10, power)).toPrecision(3))));
  }

  function axisTitle(axis) {
    return axis.label + (axis.unit ? ' (' + axis.unit + ')' : '');
  }

  /** @param values already taken forward */
  function axisOption(axis, values, theme, isX) {
    var option = {
      type: 'value',
      name: isX ? axisTitle(axis) : '',
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: theme.text, fontSize: 12 },
      axisLine: { show: isX, onZero: false, lineStyle: { color: theme.axis } },
      axisTick: { show: false },
      axisLabel: { color: theme.text, fontSize: 11, hideOverlap: true, margin: 7, showMinLabel: isX ? null : true },
      splitLine: { show: true, lineStyle: { color: theme.grid, width: 1 } }
    };
    if (axis.scale === 'LINEAR') {
      option.min = isX ? null : 0;
      if (isX) {
        option.min = Math.min.apply(null, values.concat([0]));
        option.max = Math.max.apply(null, values);
        option.axisLabel.showMaxLabel = false; // the data end anywhere
        if (values.every(Number.isInteger)) {
          option.minInterval = 1;
        }
      }
      if (axis.max) {
        option.max = axis.max;
        option.axisLabel.showMaxLabel = true;
      }
      option.splitLine.show = !isX;
      option.axisLabel.formatter = function (value) {
        return thousands(String(parseFloat(value.toPrecision(6))));
      };
      return option;
    }
    var low = axis.scale === 'NINES' ? 0 : Math.floor(10 * Math.min.apply(null, values) + 1e-9);
    var high = Math.ceil(10 * Math.max.apply(null, values) - 1e-9);
    if (high - low < 2) {
      high = low + 2;
    }
    var decades = (high - low) / 10;
    var lines = [];
    for (var tenth = low; tenth <= high; tenth++) {
      lines.push(tickLabel(axis, tenth, decades) === '' ? 'transparent' : theme.grid);
    }
    option.min = low / 10;
    option.max = high / 10;
    option.interval = 0.1;
    option.axisLabel.formatter = function (value) {
      return tickLabel(axis, Math.round(value * 10), decades);
    };
    option.splitLine.lineStyle.color = lines;
    return option;
  }

  // ---- parts that every chart has

  /** @param y the vertical axis, whose title stands above it; null for none */
  function base(theme, y) {
    return {
      title: {
        text: y ? axisTitle(y) : '',
        left: 0,
        top: 30,
        padding: 0,
        textStyle: { color: theme.text, fontSize: 12, fontWeight: 400, fontFamily: FONT }
      },
      animation: false,
      backgroundColor: 'transparent',
      textStyle: { fontFamily: FONT, color: theme.text },
      grid: { left: 4, right: 16, top: 58, bottom: 28, containLabel: true }
    };
  }

  function legend(names, theme, icon) {
    return {
      type: 'scroll',
      top: 0,
      left: 0,
      right: 0,
      padding: [3, 0],
      itemWidth: 18,
      itemHeight: 9,
      itemGap: 14,
      icon: icon,
      itemStyle: icon ? {} : { opacity: 0 }, // of a line, the line alone
      inactiveColor: theme.axis,
      pageIconColor: theme.text,
      pageIconInactiveColor: theme.grid,
      pageTextStyle: { color: theme.text },
      textStyle: { color: theme.text, fontSize: 12 },
      data: names
    };
  }

  function tooltip(theme) {
    return {
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.axis,
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { color: theme.strong, fontSize: 12, fontFamily: FONT },
      axisPointer: { lineStyle: { color: theme.axis }, crossStyle: { color: theme.axis } }
    };
  }

  function escape(text) {
    return String(text).replace(/[&<>"']/g, function (c) {
      return '&#' + c.charCodeAt(0) + ';';
    });
  }

  function dot(color) {
    return '<i class="dot" style="background:' + color + '"></i>';
  }

  function withUnit(axis, value) {
    return format(value) + (axis.unit === '%' ? ' %' : axis.unit ? ' ' + axis.unit : '');
  }

  /** An invisible series that carries the marked lines. */
  function marked(marks, axes, theme) {
    var lines = marks.map(function (mark) {
      var line = { label: { formatter: mark.label, position: mark.axis === 'x' ? 'insideEndTop' : 'insideStartTop' } };
      line[mark.axis === 'x' ? 'xAxis' : 'yAxis'] = forward(axes[mark.axis], mark.at);
      return line;
    });
    return {
      type: 'line',
      data: [],
      silent: true,
      tooltip: { show: false },
      markLine: {
        symbol: 'none',
        silent: true,
        animation: false,
        lineStyle: { color: theme.mark, type: [5, 3], width: 1.25 },
        label: { color: theme.mark, fontSize: 11, backgroundColor: theme.surface, padding: [1, 3], borderRadius: 2 },
        data: lines
      }
    };
  }

  // ---- kinds of charts

  function lines(chart, runs, theme) {
    var drawing = chart.drawing;
    var xs = column(chart, drawing.x.column).map(function (value) { return forward(drawing.x, value); });
    var ys = column(chart, drawing.y.column).map(function (value) { return forward(drawing.y, value); });
    var low = column(chart, 'low');
    var high = column(chart, 'high');
    var supported = column(chart, 'supported');
    var owner = column(chart, 'run');
    var shown = distinct(owner);
    var series = [];
    var names = [];
    if (drawing.reference) {
      series.push(reference(chart, xs, owner, shown[0], theme));
      names.push(series[0].name);
    }
    if (drawing.diagonal) {
      series.push(diagonal([0, drawing.x.max || 1], theme));
    }
    shown.forEach(function (index) {
      var run = runs[index];
      var look = style(run, theme);
      var points = [];
      var bounds = [];
      owner.forEach(function (value, i) {
        if (value === index && xs[i] !== null) {
          points.push({ value: [xs[i], ys[i]], dotted: supported !== null && supported[i] === 0, low: low && low[i], high: high && high[i] });
          bounds.push([xs[i], low ? low[i] : null, high ? high[i] : null]);
        }
      });
      names.push(run.label);
      parts(points).forEach(function (part) {
        series.push({
          type: 'line',
          name: run.label,
          data: part.points,
          showSymbol: true,
          symbol: 'none',
          connectNulls: false,
          lineStyle: { width: 1.75, color: look.color, type: part.dotted ? [1.5, 3] : look.dash, cap: 'round' },
          itemStyle: { color: look.color },
          emphasis: { disabled: true },
          z: 3
        });
      });
      if (low !== null) {
        series.push(band(run.label, bounds, look));
      }
    });
    var axes = { x: drawing.x, y: drawing.y };
    if (drawing.marks.length > 0) {
      series.push(marked(drawing.marks, axes, theme));
    }
    var markX = drawing.marks.filter(function (mark) { return mark.axis === 'x'; }).map(function (mark) { return forward(drawing.x, mark.at); });
    var option = base(theme, drawing.y);
    option.legend = legend(names, theme);
    option.xAxis = axisOption(drawing.x, present(xs).concat(markX), theme, true);
    option.yAxis = axisOption(drawing.y, present(ys).concat(high ? present(high) : []), theme, false);
    option.series = series;
    option.tooltip = tooltip(theme);
    option.tooltip.trigger = 'axis';
    option.tooltip.formatter = function (items) { return lineTip(items, drawing); };
    return option;
  }

  function present(values) {
    return values.filter(function (value) { return value !== null; });
  }

  /** Splits a line where it turns from supported to not; the parts share that point. A point alone gets a symbol. */
  function parts(points) {
    var result = [];
    points.forEach(function (point, i) {
      var last = result[result.length - 1];
      if (!last || last.dotted !== point.dotted) {
        var joint = last ? [{ value: points[i - 1].value }] : [];
        result.push({ dotted: point.dotted, points: joint });
      }
      var alone = (i === 0 || points[i - 1].value[1] === null) && (i === points.length - 1 || points[i + 1].value[1] === null);
      if (alone && point.value[1] !== null) {
        point.symbol = 'circle';
        point.symbolSize = 3.5;
      }
      result[result.length - 1].points.push(point);
    });
    return result;
  }

  function reference(chart, xs, owner, first, theme) {
    var drawing = chart.drawing;
    var values = column(chart, drawing.reference);
    var label = chart.data.columns.filter(function (c) { return c.key === drawing.reference; })[0].label;
    var data = [];
    owner.forEach(function (value, i) {
      if (value === first) {
        data.push([xs[i], values[i]]);
      }
    });
    return {
      type: 'line',
      name: label,
      data: data,
      symbol: 'none',
      lineStyle: { width: 1, color: theme.axis },
      itemStyle: { color: theme.axis },
      areaStyle: { color: theme.grid, opacity: 0.7 },
      emphasis: { disabled: true },
      z: 1
    };
  }

  function diagonal(ends, theme) {
    return {
      type: 'line',
      data: ends.map(function (value) { return [value, value]; }),
      symbol: 'none',
      silent: true,
      tooltip: { show: false },
      lineStyle: { color: theme.axis, width: 1, type: [4, 4] },
      z: 1
    };
  }

  /** The area between the smallest and the largest values; interrupted where a window is empty. */
  function band(name, bounds, look) {
    return {
      type: 'custom',
      name: name,
      silent: true,
      tooltip: { show: false },
      itemStyle: { color: look.color },
      z: 2,
      clip: true,
      data: bounds,
      encode: { x: 0, y: [1, 2] },
      renderItem: function (params, api) {
        if (params.dataIndex > 0) {
          return null;
        }
        var pieces = [];
        var upper = [];
        var lower = [];
        bounds.concat([[null, null, null]]).forEach(function (bound) {
          if (bound[1] === null) {
            if (upper.length > 1) {
              pieces.push(upper.concat(lower.reverse()));
            }
            upper = [];
            lower = [];
          } else {
            upper.push(api.coord([bound[0], bound[2]]));
            lower.push(api.coord([bound[0], bound[1]]));
          }
        });
        return {
          type: 'group',
          children: pieces.map(function (points) {
            return { type: 'polygon', shape: { points: points }, style: { fill: look.color, opacity: 0.14 } };
          })
        };
      }
    };
  }

  function lineTip(items, drawing) {
    var seen = {};
    var rows = '';
    var head = null;
    items.forEach(function (item) {
      if (item.seriesType !== 'line' || !item.seriesName || item.seriesName.indexOf('series') === 0 || seen[item.seriesName]) {
        return;
      }
      var value = item.value[1];
      if (value === null || value === undefined) {
        return;
      }
      seen[item.seriesName] = true;
      head = head === null ? item.value[0] : head;
      var range = item.data.low !== null && item.data.low !== undefined
        ? ' <small>' + format(item.data.low) + ' … ' + format(item.data.high) + '</small>'
        : '';
      rows += '<tr><td>' + dot(item.color) + escape(item.seriesName) + '</td><td class="n">'
        + withUnit(drawing.y, backward(drawing.y, value)) + range + '</td></tr>';
    });
    return head === null ? '' : '<b>' + escape(drawing.x.label) + ' ' + percentileOrNumber(drawing.x, head) + '</b><table class="tip">' + rows + '</table>';
  }

  function percentileOrNumber(axis, head) {
    var value = backward(axis, head);
    return axis.scale === 'NINES' ? String(parseFloat(value.toPrecision(6))) + ' %' : withUnit(axis, value);
  }

  function dots(chart, runs, theme) {
    var drawing = chart.drawing;
    var xs = column(chart, drawing.x.column).map(function (value) { return forward(drawing.x, value); });
    var ys = column(chart, drawing.y.column).map(function (value) { return forward(drawing.y, value); });
    var counts = column(chart, 'count');
    var owner = column(chart, 'run');
    var most = Math.max.apply(null, counts);
    var all = present(xs).concat(present(ys));
    var series = [diagonal([Math.min.apply(null, all) - 0.2, Math.max.apply(null, all) + 0.2], theme)];
    series[0].clip = true;
    var names = [];
    distinct(owner).forEach(function (index) {
      var look = style(runs[index], theme);
      var data = [];
      owner.forEach(function (value, i) {
        if (value === index) {
          data.push([xs[i], ys[i], counts[i]]);
        }
      });
      names.push(runs[index].label);
      series.push({
        type: 'scatter',
        name: runs[index].label,
        data: data,
        symbolSize: function (value) { return 2.2 + 16 * Math.sqrt(value[2] / most); },
        itemStyle: { color: look.color, opacity: 0.6 },
        emphasis: { disabled: true }
      });
    });
    var option = base(theme, drawing.y);
    option.legend = legend(names, theme, 'circle');
    option.xAxis = axisOption(drawing.x, present(xs), theme, true);
    option.yAxis = axisOption(drawing.y, present(ys), theme, false);
    option.series = series;
    option.tooltip = tooltip(theme);
    option.tooltip.trigger = 'item';
    option.tooltip.formatter = function (item) {
      return item.seriesType !== 'scatter' ? '' : dot(item.color) + escape(item.seriesName) + '<table class="tip">'
        + tipRow(drawing.x.label, withUnit(drawing.x, backward(drawing.x, item.value[0])))
        + tipRow(drawing.y.label, withUnit(drawing.y, backward(drawing.y, item.value[1])))
        + tipRow('count', format(item.value[2])) + '</table>';
    };
    return option;
  }

  function tipRow(name, value) {
    return '<tr><td>' + escape(name) + '</td><td class="n">' + escape(value) + '</td></tr>';
  }

  function bars(chart, runs, theme) {
    var drawing = chart.drawing;
    var name = function (key) {
      return function (value) { return key === 'run' ? runs[value].label : value; };
    };
    var categories = column(chart, drawing.category);
    var members = column(chart, drawing.series);
    var values = column(chart, drawing.value.column);
    var lanes = distinct(categories);
    var series = distinct(members).map(function (member, position) {
      var look = drawing.series === 'run' ? style(runs[member], theme) : { color: theme.parts[position % theme.parts.length] };
      return {
        type: 'bar',
        name: name(drawing.series)(member),
        stack: drawing.stacked ? 'all' : undefined,
        barMaxWidth: drawing.stacked ? 34 : 16,
        barGap: '12%',
        barCategoryGap: '28%',
        itemStyle: { color: look.color, borderColor: theme.surface, borderWidth: drawing.stacked ? 0.75 : 0 },
        emphasis: { disabled: true },
        data: lanes.map(function (lane) {
          for (var i = 0; i < values.length; i++) {
            if (categories[i] === lane && members[i] === member) {
              return values[i];
            }
          }
          return null;
        })
      };
    });
    var option = base(theme);
    option.legend = legend(series.map(function (one) { return one.name; }), theme, 'roundRect');
    var longest = Math.max.apply(null, lanes.map(function (lane) { return String(name(drawing.category)(lane)).length; }));
    option.grid = { left: Math.min(190, 16 + 7 * longest), right: 16, top: 32, bottom: 50 };
    option.yAxis = {
      type: 'category',
      inverse: true,
      data: lanes.map(name(drawing.category)),
      axisLine: { lineStyle: { color: theme.axis } },
      axisTick: { show: false },
      axisLabel: { color: theme.strong, fontSize: 12, width: 176, overflow: 'truncate' }
    };
    option.xAxis = axisOption(drawing.value, present(values), theme, true);
    option.xAxis.min = 0;
    option.xAxis.max = drawing.value.max || null;
    option.xAxis.axisLabel.showMaxLabel = null;
    option.xAxis.splitLine.show = true;
    option.series = series;
    option.tooltip = tooltip(theme);
    option.tooltip.trigger = 'axis';
    option.tooltip.axisPointer.type = 'shadow';
    option.tooltip.axisPointer.shadowStyle = { color: theme.axis, opacity: 0.12 };
    option.tooltip.formatter = function (items) {
      var rows = items.filter(function (item) { return typeof item.value === 'number'; }).map(function (item) {
        return '<tr><td>' + dot(item.color) + escape(item.seriesName) + '</td><td class="n">' + withUnit(drawing.value, item.value) + '</td></tr>';
      });
      return '<b>' + escape(items[0].name) + '</b><table class="tip">' + rows.join('') + '</table>';
    };
    return option;
  }

  function surface(chart, runs, theme) {
    var drawing = chart.drawing;
    var xs = column(chart, drawing.x.column);
    var ys = column(chart, drawing.y.column);
    var shares = column(chart, drawing.share);
    var ladder = { x: steps(xs), y: steps(ys) };
    var data = xs.map(function (x, i) {
      return [forward(drawing.x, x), forward(drawing.y, ys[i]), shares[i], forward(drawing.x, ladder.x[x]), forward(drawing.y, ladder.y[ys[i]])];
    });
    var option = base(theme, drawing.y);
    option.title.top = 4;
    option.grid.top = 30;
    option.grid.right = 70;
    option.xAxis = axisOption(drawing.x, data.map(function (d) { return d[0]; }).concat(data.map(function (d) { return d[3]; })), theme, true);
    option.yAxis = axisOption(drawing.y, data.map(function (d) { return d[1]; }).concat(data.map(function (d) { return d[4]; })), theme, false);
    option.visualMap = {
      type: 'continuous',
      min: 0,
      max: 100,
      dimension: 2,
      seriesIndex: 0,
      calculable: false,
      orient: 'vertical',
      right: 0,
      top: 26,
      itemWidth: 12,
      itemHeight: 150,
      text: ['100 %', '0 %'],
      textStyle: { color: theme.text, fontSize: 11 },
      inRange: { color: theme.ramp }
    };
    option.series = [
      {
        type: 'custom',
        data: data,
        encode: { x: [0, 3], y: [1, 4] },
        clip: true,
        renderItem: function (params, api) {
          var from = api.coord([api.value(0), api.value(1)]);
          var to = api.coord([api.value(3), api.value(4)]);
          return {
            type: 'rect',
            shape: { x: from[0], y: to[1], width: to[0] - from[0] + 0.5, height: from[1] - to[1] + 0.5 },
            style: { fill: api.visual('color') }
          };
        }
      }
    ];
    if (drawing.marks.length > 0) {
      option.series.push(marked(drawing.marks, { x: drawing.x, y: drawing.y }, theme));
    }
    option.tooltip = tooltip(theme);
    option.tooltip.trigger = 'item';
    option.tooltip.formatter = function (item) {
      return item.seriesType !== 'custom' ? '' : '<table class="tip">'
        + tipRow(drawing.x.label, '≤ ' + withUnit(drawing.x, backward(drawing.x, item.value[0])))
        + tipRow(drawing.y.label, '≤ ' + withUnit(drawing.y, backward(drawing.y, item.value[1])))
        + tipRow('attainment', format(item.value[2]) + ' %') + '</table>';
    };
    return option;
  }

  /** Each threshold's next one; the last cell is as wide as the one before. */
  function steps(values) {
    var sorted = distinct(values).sort(function (a, b) { return a - b; });
    var next = {};
    sorted.forEach(function (value, i) {
      next[value] = i + 1 < sorted.length ? sorted[i + 1] : i > 0 ? value * value / sorted[i - 1] : value * 1.2;
    });
    return next;
  }

  function spans(chart, runs, theme) {
    var drawing = chart.drawing;
    var lanes = distinct(column(chart, 'request')).map(String);
    var requests = column(chart, 'request').map(String);
    var from = column(chart, 'from_s');
    var to = column(chart, 'to_s');
    var phase = column(chart, 'phase');
    var outcome = column(chart, 'outcome');
    var own = style(runs[column(chart, 'run')[0]], theme).color;
    var looks = [
      { color: theme.axis, opacity: 0.4 },
      { color: theme.axis, opacity: 0.9 },
      { color: own, opacity: 0.5 },
      { color: own, opacity: 1 },
      { color: theme.mark, opacity: 1 }
    ].slice(drawing.phases.length < 5 ? 1 : 0);
    var option = base(theme);
    option.legend = legend(drawing.phases, theme, 'roundRect');
    option.grid.top = 30;
    option.yAxis = {
      type: 'category',
      inverse: true,
      data: lanes,
      name: '',
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.text, fontSize: 10, interval: 3, formatter: function (lane) { return '#' + lane; } }
    };
    option.xAxis = axisOption({ label: 'time since the start of the run', unit: 's', scale: 'LINEAR' }, [], theme, true);
    option.xAxis.min = drawing.fromSeconds;
    option.xAxis.max = drawing.toSeconds;
    option.xAxis.axisLabel.showMinLabel = false;
    option.xAxis.splitLine.show = true;
    option.series = drawing.phases.map(function (name, position) {
      var data = [];
      phase.forEach(function (value, i) {
        if (value === name) {
          data.push([from[i], to[i], lanes.indexOf(requests[i]), outcome[i]]);
        }
      });
      return {
        type: 'custom',
        name: name,
        data: data,
        encode: { x: [0, 1], y: 2 },
        itemStyle: looks[position],
        clip: true,
        renderItem: function (params, api) {
          var start = api.coord([api.value(0), api.value(2)]);
          var end = api.coord([api.value(1), api.value(2)]);
          var height = Math.max(2, api.size([0, 1])[1] * 0.66);
          return {
            type: 'rect',
            shape: { x: start[0], y: start[1] - height / 2, width: Math.max(0.5, end[0] - start[0]), height: height },
            style: { fill: looks[position].color, opacity: looks[position].opacity }
          };
        }
      };
    });
    option.tooltip = tooltip(theme);
    option.tooltip.trigger = 'item';
    option.tooltip.formatter = function (item) {
      return '<b>Request ' + escape(lanes[item.value[2]]) + '</b>, ' + escape(item.value[3]) + '<table class="tip">'
        + tipRow(item.seriesName, format(item.value[1] - item.value[0]) + ' s')
        + tipRow('from', format(item.value[0]) + ' s') + tipRow('to', format(item.value[1]) + ' s') + '</table>';
    };
    return option;
  }

  function winners(chart, runs, theme) {
    var drawing = chart.drawing;
    var xs = column(chart, drawing.x);
    var ys = column(chart, drawing.y);
    var values = column(chart, drawing.value);
    var kept = column(chart, drawing.kept);
    var owner = column(chart, 'run');
    var columns = distinct(xs);
    var rows = distinct(ys);
    var winning = distinct(owner).sort(function (a, b) { return a - b; });
    var option = base(theme);
    option.legend = legend(winning.map(function (index) { return runs[index].label; }), theme, 'roundRect');
    option.grid = { left: 4, right: 8, top: 30, bottom: 34, containLabel: true };
    var axis = {
      type: 'category',
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { color: theme.strong, fontSize: 12, interval: 0 }
    };
    option.yAxis = Object.assign({}, axis, { inverse: true, data: rows });
    option.xAxis = Object.assign({}, axis, {
      data: columns.map(String),
      name: chart.data.columns.filter(function (c) { return c.key === drawing.x; })[0].label,
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: theme.text, fontSize: 12 }
    });
    option.series = winning.map(function (index) {
      var look = style(runs[index], theme);
      var data = [];
      owner.forEach(function (value, i) {
        if (value === index) {
          data.push([columns.indexOf(xs[i]), rows.indexOf(ys[i]), values[i], kept[i]]);
        }
      });
      return {
        type: 'custom',
        name: runs[index].label,
        data: data,
        encode: { x: 0, y: 1 },
        itemStyle: { color: look.color },
        renderItem: function (params, api) {
          var at = api.coord([api.value(0), api.value(1)]);
          var size = api.size([1, 1]);
          var number = api.value(2);
          var text = runs[index].label + (isNaN(number) ? '' : '  ' + number.toFixed(2) + (api.value(3) < 90 ? ' *' : ''));
          return {
            type: 'rect',
            shape: { x: at[0] - size[0] / 2 + 1.5, y: at[1] - size[1] / 2 + 1.5, width: size[0] - 3, height: size[1] - 3, r: 2 },
            style: { fill: look.color, opacity: 0.28 },
            textContent: { style: { text: text, fill: theme.strong, fontSize: 12, fontFamily: FONT, width: size[0] - 10, overflow: 'truncate' } },
            textConfig: { position: 'inside' }
          };
        }
      };
    });
    option.tooltip = tooltip(theme);
    option.tooltip.trigger = 'item';
    option.tooltip.formatter = function (item) {
      return '<b>' + escape(item.seriesName) + '</b><table class="tip">'
        + tipRow(rows[item.value[1]], columns[item.value[0]])
        + tipRow('speedup', format(item.value[2]))
        + tipRow('SLO attainment', format(item.value[3]) + ' %') + '</table>';
    };
    return option;
  }

  var KINDS = { Lines: lines, Dots: dots, Bars: bars, Surface: surface, Spans: spans, Winners: winners };

  function option(data, chart, themeName) {
    return KINDS[chart.drawing.kind](chart, data.runs, THEMES[themeName]);
  }

  /** Height in pixels that suits a chart. */
  function height(chart) {
    switch (chart.drawing.kind) {
      case 'Bars':
        var lanes = distinct(column(chart, chart.drawing.category)).length;
        var bars = chart.drawing.stacked ? 1 : distinct(column(chart, chart.drawing.series)).length;
        return Math.max(300, 92 + lanes * Math.max(30, 12 + 13 * bars));
      case 'Spans':
        return 90 + 9 * distinct(column(chart, 'request')).length;
      case 'Winners':
        return 80 + 27 * distinct(column(chart, chart.drawing.y)).length;
      case 'Lines':
        return chart.drawing.x.column === 'time_s' ? 230 : 300;
      default:
        return 300;
    }
  }

  /** A width that no usual font exceeds: who opens a file may have another than the one it names. */
  function widthAtMost(text, font) {
    var size = /(\d+)px/.exec(font || '');
    return { width: 0.6 * (size ? Number(size[1]) : 12) * String(text || '').length };
  }

  /** Rows that the entries of a legend take side by side. */
  function legendRows(legend, width) {
    var rows = 1;
    var x = 0;
    legend.data.forEach(function (name) {
      var entry = legend.itemWidth + 5 + widthAtMost(name, '12px').width;
      if (x > 0 && x + entry > width) {
        rows++;
        x = 0;
      }
      x += entry + legend.itemGap;
    });
    return rows;
  }

  /** A chart as the text of an SVG file. */
  function svg(data, id, width) {
    echarts.setPlatformAPI({ measureText: widthAtMost });
    var chart = data.charts.filter(function (one) { return one.id === id; })[0];
    var options = option(data, chart, 'light');
    var lower = 0;
    if (options.legend) {
      options.legend.type = 'plain';
      lower = 16 * (legendRows(options.legend, width) - 1);
      options.title.top += lower;
      options.grid.top += lower;
    }
    var drawn = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height(chart) + lower });
    options.tooltip = { show: false };
    drawn.setOption(options);
    var text = drawn.renderToSVGString();
    drawn.dispose();
    // Nothing reacts in a file: less the styles for the pointer, and the classes that they are for.
    return text.replace(/<style[\s\S]*?<\/style>/, '').replace(/ class="zr\d+-cls-\d+"/g, '');
  }

  return { option: option, height: height, svg: svg, format: format, style: style, themes: THEMES };
})();
