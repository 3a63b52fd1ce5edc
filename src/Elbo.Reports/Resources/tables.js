// Components of a mixture or states of a hidden Markov model: their parameters, their place in the data, their densities.
const Tables = (() => {
  const { data, el, find, fill, format, plain, swatch, series, color, chart, redraw, table } = Elbo;
  const { components, grids, columns, clouds, lines, rows, unit } = data;
  const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x', 'star', 'triangle-down', 'pentagon', 'hexagon'];
  // Beyond this many, traces of their own would only be a tangle.
  const MostCurves = 20;

  const titleOf = id => `${unit} ${id}` + (components[id].name ? `: ${components[id].name}` : '');
  const marked = id => el('span', { class: 'whole' }, el('span', { class: 'swatch', swatch: swatch(id) }), titleOf(id));
  const symbol = id => symbols[id % symbols.length];
  const capital = text => text[0].toUpperCase() + text.slice(1);

  /** Choices of a select by number, each a text of the file. */
  const options = (id, names, chosen = 0) => fill(id, names.map((name, index) => el('option', { value: index, selected: index === chosen }, name)));
  const chosen = id => Number(find(id).value);

  /** A number, or the category that it stands for. */
  const valueOf = (column, value) => columns[column].labels ? columns[column].labels[value] ?? String(value) : format.short(value);

  function head() {
    fill('title', data.title);
    fill('summary', data.summary + (rows ? `, ${format.count(rows.total)} rows` : ''));
    fill('warnings', data.warnings.map(warning => el('p', { class: 'warning', 'data-code': warning.code }, warning.message)));
    fill('components-heading', `${capital(unit)}s`);
    fill('notes', data.trust.notes.length === 0 ? [] : [el('h3', {}, 'What happened on the way'), el('ul', {}, data.trust.notes.map(note => el('li', {}, note)))]);
  }

  function list() {
    fill('components-note', data.chain ? (rows ? 'The share is the mean posterior of the rows.' : 'The share is that of the chain in the long run.') : 'The share is the weight π of the mixture.');
    const known = (name, cell, title) => ({ name, number: true, cell, title });
    fill('component-table', table(`${capital(unit)}s`, [
      { name: capital(unit), cell: entry => marked(entry.id) },
      known('Share', entry => format.share(entry.share)),
      ...rows ? [
        known('Weight', entry => format.number(entry.weight, 1), 'the sum of its responsibilities, times the weights of the rows'),
        known('Rows', entry => format.count(entry.rows), 'rows that belong to it rather than to another'),
        ...data.chain ? [known('On the path', entry => format.count(entry.pathRows), 'rows that the likeliest path spends in it')] : [],
        known('Uncertainty', entry => format.number(entry.uncertainty, 4), 'how likely such a row belongs to another, on average'),
      ] : [],
    ], components));
  }

  function showGrid() {
    const grid = grids[chosen('grid')];
    const cell = value => grid.isProbability ? format.number(value, 4) : format.short(value);
    fill('grid-table', table(grid.title, [
      { name: grid.corner, cell: row => grid.rows[row] },
      ...grid.columns.map((name, column) => ({ name, number: true, cell: row => cell(grid.values[row][column]) })),
    ], grid.rows.map((_, row) => row)));
    // Columns in units of their own do not stand beside each other as bars: ellipses and lines show them. Nor does a matrix of columns by columns.
    const drawn = grid.corner !== '' && clouds.length === 0 && lines.length === 0;
    find('grid-bars').hidden = !drawn;
    if (drawn) redraw('grid-bars');
  }

  function parameters() {
    options('grid', grids.map(grid => grid.title));
    chart('grid-bars', 'The parameters in the table as bars.', () => {
      const grid = grids[chosen('grid')];
      const hover = grid.rows.map(row => plain(`${grid.corner} ${row}`));
      return {
        traces: grid.corner === '' ? [] : grid.rows.map((row, index) => ({
          type: 'bar', name: hover[index], x: grid.columns.map(plain), y: grid.values[index], marker: { color: series(index) }, hovertemplate: '%{x}: %{y:.4g}<extra>%{fullData.name}</extra>',
        })),
        layout: { barmode: 'group', showlegend: grid.rows.length <= MostCurves, xaxis: { type: 'category' }, yaxis: { title: { text: plain(grid.title) }, rangemode: 'tozero' } },
      };
    });
    find('grid').addEventListener('change', showGrid);
    showGrid();
  }

  /** An ellipse that has a given share of a Gaussian or Student-t in two columns: μ + r L (cos t, sin t), with L Lᵀ = Σ. */
  function ellipse(cloud, across, up, share) {
    const size = cloud.mean.length, at = (i, j) => cloud.covariance[i * size + j];
    const radius = Math.sqrt(cloud.degrees ? cloud.degrees * ((1 - share) ** (-2 / cloud.degrees) - 1) : -2 * Math.log(1 - share));
    const width = Math.sqrt(at(across, across)), lean = at(up, across) / width, height = Math.sqrt(Math.max(0, at(up, up) - lean * lean));
    const turns = Array.from({ length: 73 }, (_, i) => i * Math.PI / 36);
    return { x: turns.map(t => cloud.mean[across] + radius * width * Math.cos(t)), y: turns.map(t => cloud.mean[up] + radius * (lean * Math.cos(t) + height * Math.sin(t))) };
  }

  function drawScatter() {
    const drawable = columns.map((_, index) => index).filter(index => columns[index].kind === 'continuous');
    if (drawable.length < 2 || clouds.length === 0 && lines.length === 0) return;
    find('scatter').hidden = false;
    const isRegression = lines.length > 0, last = columns.length - 1;
    const names = drawable.map(index => columns[index].name);
    options('across', names, 0);
    options('up', names, isRegression ? last : 1);
    fill('scatter-note', [
      isRegression ? 'Lines are what each component expects of the response, the other regressors at their centres; they are there when the response is drawn upwards.'
        : `Solid ellipses hold half of a ${unit}, dotted ones 95 % of it, in these two columns.`,
      rows && rows.drawn < rows.total ? ` ${format.count(rows.drawn)} of ${format.count(rows.total)} rows are drawn.` : '', rows ? ' A click on a point opens its row.' : '',
    ].join(''));
    const host = chart('cloud', 'Rows in two columns, by component, with what the components expect there.', () => {
      const across = chosen('across'), up = chosen('up'), traces = [];
      if (rows) for (const { id } of components) {
        const own = rows.number.map((_, index) => index).filter(index => index < rows.drawn && rows.component[index] === id);
        traces.push({
          type: 'scatter', mode: 'markers', name: plain(titleOf(id)), x: own.map(index => rows.values[across][index]), y: own.map(index => rows.values[up][index]), customdata: own,
          text: own.map(index => `row ${rows.number[index]}, uncertainty ${format.short(rows.uncertainty[index])}`), hovertemplate: '%{x}, %{y}<br>%{text}<extra>%{fullData.name}</extra>',
          marker: { color: series(id), symbol: symbol(id), size: 7, opacity: 0.65 },
        });
      }
      if (across !== up) for (const cloud of clouds) for (const [share, dash] of [[0.5, 'solid'], [0.95, 'dot']]) {
        traces.push({
          type: 'scatter', mode: 'lines', ...ellipse(cloud, across, up, share), line: { color: series(cloud.component), width: 2, dash }, hoverinfo: 'skip', showlegend: false,
          name: plain(titleOf(cloud.component)), meta: { component: cloud.component, share },
        });
      }
      if (up === last && across !== last) for (const line of lines) {
        const ends = [Math.min(...rows.values[across]), Math.max(...rows.values[across])];
        traces.push({
          type: 'scatter', mode: 'lines', x: ends, y: ends.map(x => line.level + line.slopes[across] * (x - line.centre[across])), line: { color: series(line.component), width: 2 }, hoverinfo: 'skip', showlegend: false,
          name: plain(titleOf(line.component)), meta: { component: line.component },
        });
      }
      return { traces, layout: { height: 650, xaxis: { title: { text: plain(columns[across].name) } }, yaxis: { title: { text: plain(columns[up].name) } } } };
    });
    host.on('plotly_click', event => { if (event.points[0].customdata !== undefined) Rows.open(event.points[0].customdata, true); });
    for (const id of ['across', 'up']) find(id).addEventListener('change', () => redraw('cloud'));
  }

  const densityNotes = {
    continuous: 'The histogram of the column, the density of each NAME times its share, and their sum.',
    counts: 'How often each count occurs, the probability of it in each NAME times its share, and their sum.',
    categories: 'The share of each category, its probability in the model, and in each NAME.',
  };

  function density() {
    const column = columns[chosen('density-column')], { observed, kind } = column, traces = [], isCategory = kind === 'categories';
    const x = isCategory ? column.labels.map(plain) : column.x;
    fill('densities-note', densityNotes[kind].replace('NAME', unit) + (column.densities.length === 0 ? ' This family has no density of a column on its own.' : '')
      + (data.columnCount > columns.length ? ` The first ${columns.length} of ${format.count(data.columnCount)} columns can be chosen.` : ''));
    if (observed) traces.push({
      type: 'bar', name: 'rows', x: isCategory ? x : observed.heights.map((_, bin) => observed.start + (bin + 0.5) * observed.width), y: observed.heights, width: isCategory ? undefined : observed.width,
      marker: { color: series(7), opacity: isCategory ? 0.8 : 0.4 }, hovertemplate: '%{x}: %{y:.4g}<extra>rows</extra>',
    });
    const curve = (name, values, id, width, dash) => isCategory
      ? { type: 'bar', name, x, y: values, marker: { color: id < 0 ? color('--ink') : series(id) }, hovertemplate: '%{x}: %{y:.4g}<extra>%{fullData.name}</extra>' }
      : { type: 'scatter', mode: kind === 'counts' && x.length <= 60 ? 'lines+markers' : 'lines', name, x, y: values, line: { color: id < 0 ? color('--ink') : series(id), width, dash }, marker: { size: 5, symbol: id < 0 ? 'circle' : symbol(id) }, hovertemplate: '%{x:.4g}: %{y:.4g}<extra>%{fullData.name}</extra>' };
    if (column.densities.length > 0) {
      traces.push(curve(components.length > 1 ? 'model' : plain(titleOf(0)), column.mixture, -1, 2.5, 'solid'));
      if (components.length > 1 && components.length <= MostCurves) for (const { id, share } of components) {
        traces.push(curve(plain(titleOf(id)), isCategory ? column.densities[id] : column.densities[id].map(value => value === null ? null : value * share), id, 2, ['solid', 'dash', 'dot', 'dashdot'][id % 4]));
      }
    }
    return { traces, layout: { barmode: isCategory ? 'group' : 'overlay', bargap: isCategory ? 0.2 : 0, xaxis: { title: { text: plain(column.name) }, type: isCategory ? 'category' : 'linear' }, yaxis: { title: { text: kind === 'continuous' ? 'density' : 'probability' }, rangemode: 'tozero' } } };
  }

  function drawDensities() {
    if (!columns.some(column => column.observed || column.densities.length > 0)) return;
    find('densities').hidden = false;
    options('density-column', columns.map(column => column.name));
    chart('density', 'The distribution of a column in the rows and in the model.', density);
    find('density-column').addEventListener('change', () => redraw('density'));
  }

  head();
  list();
  if (grids.length > 0) parameters();
  drawScatter();
  drawDensities();
  return { titleOf, marked, symbol, options, chosen, valueOf, ellipse };
})();
