// A hidden Markov model: its likeliest path over the series, the posterior of its states, and its transitions.
(() => {
  const { data: { chain, rows, columns, components, unit }, el, find, fill, format, plain, series, color, chart, redraw, table } = Elbo;
  // Rows that are drawn at once; longer sequences are leafed through.
  const Window = 400;
  let first = 0;

  function drawTransitions() {
    find('transitions').hidden = false;
    const states = components.map(component => component.id);
    fill('transition-table', table('Transition probabilities', [
      { name: 'After', cell: from => Tables.marked(from) },
      ...states.map(to => ({ name: Tables.titleOf(to), number: true, cell: from => el('span', { class: 'heat', 'data-from': from, 'data-to': to, heat: chain.transitions[from][to] }, format.number(chain.transitions[from][to], 4)) })),
    ], states));
    const dwell = state => chain.dwell[state] === null ? 'for ever' : format.number(chain.dwell[state], 2);
    fill('state-table', table('How long states last', [
      { name: 'State', cell: state => Tables.marked(state) },
      { name: 'First', number: true, title: 'the probability that a sequence begins in it', cell: state => format.number(chain.initial[state], 4) },
      { name: 'In the long run', number: true, title: 'the share of time spent in it: the stationary distribution', cell: state => format.number(chain.longRun[state], 4) },
      { name: 'A visit lasts', number: true, title: '1 / (1 − probability of staying), in rows', cell: dwell },
    ], states));
  }

  const sequence = () => rows.sequences[Tables.chosen('sequence')];

  /** The rows of the window, as places in the columns of rows. */
  const shown = () => Array.from({ length: Math.min(Window, sequence().length - first) }, (_, step) => sequence().first + first + step);

  /** Positions on the axis: the row within its sequence, from 1. */
  const steps = places => places.map(place => place - sequence().first + 1);

  function path() {
    const places = shown(), column = Tables.chosen('series-column'), values = rows.values[column], x = steps(places), { labels } = columns[column];
    const drawn = value => labels ? plain(labels[value] ?? String(value)) : value;
    return {
      traces: [
        { type: 'scatter', mode: 'lines', x, y: places.map(place => drawn(values[place])), line: { color: color('--quiet'), width: 1 }, hoverinfo: 'skip', showlegend: false },
        ...components.map(({ id }) => {
          const own = places.filter(place => rows.state[place] === id);
          return {
            type: 'scatter', mode: 'markers', name: plain(Tables.titleOf(id)), x: steps(own), y: own.map(place => drawn(values[place])), customdata: own, text: own.map(place => `row ${rows.number[place]}`),
            marker: { color: series(id), symbol: Tables.symbol(id), size: 8 }, hovertemplate: '%{y}<br>%{text}<extra>%{fullData.name}</extra>',
          };
        }),
      ],
      layout: { xaxis: { title: { text: 'row of the sequence' }, range: [x[0] - 0.7, x[x.length - 1] + 0.7] }, yaxis: { title: { text: plain(columns[column].name) }, type: labels ? 'category' : 'linear' } },
    };
  }

  function posterior() {
    const places = shown(), x = steps(places);
    return {
      traces: components.map(({ id }) => ({
        type: 'scatter', mode: 'lines', stackgroup: 'all', name: plain(Tables.titleOf(id)), x, y: places.map(place => rows.responsibilities[id][place]), line: { color: series(id), width: 0.5 }, fillcolor: series(id),
        hovertemplate: '%{y:.4f}<extra>%{fullData.name}</extra>',
      })),
      layout: { xaxis: { title: { text: 'row of the sequence' }, range: [x[0] - 0.7, x[x.length - 1] + 0.7] }, yaxis: { title: { text: 'p(state | all rows)' }, range: [0, 1] } },
    };
  }

  function move(to) {
    first = Math.max(0, Math.min(to, sequence().length - Window));
    find('window').value = String(first);
    find('earlier').disabled = first === 0;
    find('later').disabled = first >= sequence().length - Window;
    fill('window-value', `${format.count(first + 1)} to ${format.count(first + shown().length)} of ${format.count(sequence().length)}`);
    redraw('path');
    redraw('posterior');
  }

  function open() {
    find('window').max = String(Math.max(0, sequence().length - Window));
    find('window-controls').hidden = sequence().length <= Window;
    const { length, total } = sequence();
    fill('series-note', [rows.choice, length < total ? ` Of this sequence the first ${format.count(length)} of ${format.count(total)} rows are here.` : '', ' The path is the likeliest as a whole (Viterbi); the posterior is of each row on its own. A click on a point opens its row.']);
    move(0);
  }

  function drawSeries() {
    find('series').hidden = false;
    Tables.options('sequence', rows.sequences.map(({ name, total }) => `${name} (${format.count(total)} rows)`));
    Tables.options('series-column', columns.map(column => column.name));
    chart('path', 'The series with the state of the likeliest path at every row.', path).on('plotly_click', event => { if (event.points[0].customdata !== undefined) Rows.open(event.points[0].customdata, true); });
    chart('posterior', 'The posterior probability of every state at every row, stacked.', posterior);
    find('sequence').addEventListener('change', open);
    find('series-column').addEventListener('change', () => redraw('path'));
    find('window').addEventListener('input', () => move(Number(find('window').value)));
    find('earlier').addEventListener('click', () => move(first - Window / 2));
    find('later').addEventListener('click', () => move(first + Window / 2));
    open();
  }

  if (chain) drawTransitions();
  if (chain && rows) drawSeries();
})();
