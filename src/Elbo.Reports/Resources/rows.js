// Rows: to which component each belongs, and how surely.
const Rows = (() => {
  const { data: { rows, columns, components, columnCount, unit }, el, find, fill, format, plain, series, chart, redraw, table } = Elbo;
  const Lines = 25;
  let order = [], page = 0, open = null;

  const density = index => rows.logDensity[index] ?? -Infinity;
  const orders = { uncertainty: (a, b) => rows.uncertainty[b] - rows.uncertainty[a], number: () => 0, density: (a, b) => density(a) - density(b) };

  function arrange() {
    const only = find('belongs').value;
    order = rows.number.map((_, index) => index).filter(index => only === '' || rows.component[index] === Number(only));
    order.sort((a, b) => orders[find('order').value](a, b) || rows.number[a] - rows.number[b]);
    turn(0);
  }

  function turn(to) {
    page = to;
    const from = page * Lines, shown = order.slice(from, from + Lines);
    fill('rows-range', order.length === 0 ? 'none' : `${format.count(from + 1)} to ${format.count(from + shown.length)} of ${format.count(order.length)}`);
    find('rows-previous').disabled = page === 0;
    find('rows-next').disabled = from + Lines >= order.length;
    fill('row-table', table('Rows', [
      { name: 'Row', number: true, cell: index => el('button', { type: 'button', class: 'plain', 'data-row': rows.number[index], onclick: () => show(index) }, String(rows.number[index])) },
      { name: 'Uncertainty', number: true, cell: index => format.short(rows.uncertainty[index]) },
      { name: unit[0].toUpperCase() + unit.slice(1), cell: index => Tables.marked(rows.component[index]) },
      ...rows.state ? [{ name: 'On the path', number: true, cell: index => String(rows.state[index]) }] : [],
      ...columns.map((column, j) => ({ name: column.name, number: !column.labels, cell: index => Tables.valueOf(j, rows.values[j][index]) })),
    ], shown, index => ({ class: index === open ? 'chosen' : null })));
  }

  function show(index) {
    open = index;
    fill('row-name', `Row ${rows.number[index]}`);
    fill('row-facts', [
      columns.map((column, j) => `${column.name} ${Tables.valueOf(j, rows.values[j][index])}`).join(', '), columnCount > columns.length ? ', …' : '',
      `; log p(x) ${rows.logDensity[index] === null ? '−∞: impossible' : format.number(rows.logDensity[index], 3)}`, rows.weight ? `; weight ${format.short(rows.weight[index])}` : '',
    ].join(''));
    redraw('row-bars');
    for (const row of find('row-table').querySelectorAll('tbody tr')) row.classList.toggle('chosen', row.querySelector('button').dataset.row === String(rows.number[index]));
  }

  function drawBars() {
    chart('row-bars', 'The responsibility of every component for the chosen row.', () => {
      const own = components.map(component => component.id).reverse();
      return {
        traces: open === null ? [] : [{
          type: 'bar', orientation: 'h', x: own.map(id => rows.responsibilities[id][open]), y: own.map(id => plain(Tables.titleOf(id))), marker: { color: own.map(series) },
          text: own.map(id => format.number(rows.responsibilities[id][open], 4)), textposition: 'auto', hovertemplate: '%{y}: %{x:.6f}<extra></extra>',
        }],
        layout: { height: Math.max(160, 70 + 26 * own.length), showlegend: false, xaxis: { range: [0, 1], title: { text: 'responsibility' } }, yaxis: { type: 'category', dtick: 1 }, margin: { l: 80, r: 15, t: 10, b: 45 } },
      };
    });
  }

  function drawCertainty() {
    const { sortedUncertainty } = rows;
    chart('certainty', 'The uncertainty of all rows, from the least certain to the most certain.', () => ({
      traces: [{ type: 'scatter', mode: 'lines', fill: 'tozeroy', x: sortedUncertainty.map((_, rank) => rank / (sortedUncertainty.length - 1)), y: sortedUncertainty, line: { color: series(0) }, hovertemplate: '%{x:.1%} of the rows: above %{y:.4g}<extra></extra>' }],
      layout: { height: 260, showlegend: false, margin: { l: 60, r: 15, t: 10, b: 45 }, xaxis: { tickformat: ',.0%', title: { text: 'share of the rows' } }, yaxis: { title: { text: 'uncertainty' }, rangemode: 'tozero' } },
    }));
  }

  if (rows) {
    find('rows').hidden = false;
    fill('rows-note', [rows.choice, ` Uncertainty is the probability that a row does not belong to its likeliest ${unit}. `,
      rows.logLikelihood === undefined ? 'A row is impossible under the model, so that log p of all rows is −∞.' : `log p of all rows: ${format.number(rows.logLikelihood, 2)}.`]);
    fill('belongs', el('option', { value: '' }, `all ${unit}s`), components.map(({ id }) => el('option', { value: id }, Tables.titleOf(id))));
    drawBars();
    drawCertainty();
    for (const id of ['order', 'belongs']) find(id).addEventListener('change', arrange);
    find('rows-previous').addEventListener('click', () => turn(page - 1));
    find('rows-next').addEventListener('click', () => turn(page + 1));
    arrange();
    show(order[0]);
  }
  return { open: (index, scroll) => { show(index); if (scroll) find('row-name').scrollIntoView({ block: 'center' }); } };
})();
