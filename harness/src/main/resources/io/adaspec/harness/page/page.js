/* Puts the charts and their tables into the page. */
(function () {
  'use strict';
  var data = JSON.parse(document.getElementById('data').textContent);
  var root = document.documentElement;
  var darkScheme = window.matchMedia('(prefers-color-scheme: dark)');
  var figures = Array.prototype.slice.call(document.querySelectorAll('figure[data-chart]'));
  var drawn = [];
  var printing = false;
  var PRINT_WIDTH = 675; // of A4 and of Letter, less the margins

  function themeName() {
    var chosen = root.getAttribute('data-theme');
    return printing ? 'light' : chosen || (darkScheme.matches ? 'dark' : 'light');
  }

  function chartOf(figure) {
    var id = figure.getAttribute('data-chart');
    return data.charts.filter(function (chart) { return chart.id === id; })[0];
  }

  // ---- charts

  function draw(figure) {
    var chart = chartOf(figure);
    var plot = figure.querySelector('.plot');
    var instance = echarts.init(plot, null, { renderer: 'svg' });
    var entry = { figure: figure, chart: chart, instance: instance };
    drawn.push(entry);
    if (chart.drawing.x && chart.drawing.x.column === 'time_s') {
      instance.group = 'time'; // one pointer in all of them
    }
    show(entry);
    instance.on('legendselectchanged', function (event) { select(entry, event); });
  }

  function show(entry) {
    var selected = entry.instance.getOption();
    selected = selected && selected.legend && selected.legend[0] && selected.legend[0].selected;
    var option = adaspec.option(data, entry.chart, themeName());
    if (selected && option.legend) {
      option.legend.selected = selected;
    }
    entry.instance.setOption(option, { notMerge: true });
  }

  /** A run that is hidden in one chart is hidden in all. */
  function select(source, event) {
    var isRun = data.runs.some(function (run) { return run.label === event.name; });
    if (!isRun) {
      return;
    }
    hidden[event.name] = !event.selected[event.name];
    drawn.forEach(function (entry) {
      if (entry !== source) {
        apply(entry, event.name);
      }
    });
  }

  var hidden = {};

  function apply(entry, name) {
    entry.instance.dispatchAction({ type: hidden[name] ? 'legendUnSelect' : 'legendSelect', name: name });
  }

  function redraw() {
    swatches();
    drawn.forEach(show);
  }

  function resize() {
    drawn.forEach(function (entry) {
      entry.instance.resize(printing ? { width: PRINT_WIDTH } : { width: 'auto' });
      if (printing) {
        entry.instance.getZr().flush(); // there is no next frame
      }
    });
  }

  function swatches() {
    var theme = adaspec.themes[themeName()];
    Array.prototype.forEach.call(document.querySelectorAll('.swatch'), function (swatch) {
      swatch.style.background = adaspec.style(data.runs[Number(swatch.getAttribute('data-run'))], theme).color;
    });
  }

  // ---- tables: made when they are opened

  function table(figure) {
    var place = figure.querySelector('details .scroll');
    if (place.firstChild) {
      return;
    }
    var chart = chartOf(figure);
    var columns = chart.data.columns;
    var element = document.createElement('table');
    var head = element.createTHead().insertRow();
    columns.forEach(function (column) {
      var cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = column.label + (column.unit ? ' (' + column.unit + ')' : '');
      head.appendChild(cell);
    });
    var body = element.createTBody();
    for (var row = 0; row < chart.data.values[0].length; row++) {
      var line = body.insertRow();
      columns.forEach(function (column, i) {
        var value = chart.data.values[i][row];
        var text = column.key === 'run' ? data.runs[value].label : value;
        var cell = line.insertCell();
        cell.textContent = text === null ? '–' : text;
        if (typeof text === 'string') {
          cell.className = 'text';
        }
      });
    }
    place.appendChild(element);
  }

  // ---- wiring

  figures.forEach(function (figure) {
    figure.querySelector('.plot').style.height = adaspec.height(chartOf(figure)) + 'px';
    figure.querySelector('details').addEventListener('toggle', function () { table(figure); });
  });

  var button = document.getElementById('theme');
  function labelButton() {
    button.textContent = themeName() === 'dark' ? 'Light' : 'Dark';
  }
  button.addEventListener('click', function () {
    root.setAttribute('data-theme', themeName() === 'dark' ? 'light' : 'dark');
    labelButton();
    redraw();
  });
  darkScheme.addEventListener('change', function () { labelButton(); redraw(); });

  var pending = 0;
  window.addEventListener('resize', function () {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(resize);
  });
  window.addEventListener('beforeprint', function () { printing = true; redraw(); resize(); });
  window.addEventListener('afterprint', function () { printing = false; redraw(); resize(); });

  labelButton();
  swatches();
  figures.forEach(draw);
  echarts.connect('time');
})();
