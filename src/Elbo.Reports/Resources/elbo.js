'use strict';
// What every page of Elbo stands on: its data, elements, numbers, colours and charts. Text only ever becomes text nodes.
const Elbo = (() => {
  const data = JSON.parse(document.getElementById('data').textContent);

  /** An element. Attributes named on… are listeners; children are nodes, or text that stays text. */
  function el(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (name === 'swatch' || name === 'heat') element.style.setProperty(`--${name}`, value);
      else element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
    return element;
  }

  const find = id => document.getElementById(id);

  function fill(id, ...children) {
    const element = typeof id === 'string' ? find(id) : id;
    element.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
    return element;
  }

  // Numbers in one style, whatever the language of the browser.
  const format = {
    count: value => value.toLocaleString('en-US', { maximumFractionDigits: 0 }),
    share: value => (100 * value).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 }) + ' %',
    number: (value, digits = 3) => value === null || value === undefined ? '–'
      : value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−'),
    short: value => value === null || value === undefined ? '–' : String(Number(value.toPrecision(4))).replace('-', '−'),
  };

  /** Text for plotly, which reads tags in what it draws. */
  const plain = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const swatch = index => `var(--c${((index % 10) + 10) % 10})`;
  const series = index => color(`--c${((index % 10) + 10) % 10}`);

  const charts = new Map();

  function themed(layout) {
    const ink = color('--ink'), line = color('--line');
    const axis = { color: ink, gridcolor: line, linecolor: line, zerolinecolor: line, automargin: true };
    const full = { paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: { color: ink, size: 13, family: 'system-ui, sans-serif' },
      margin: { l: 60, r: 15, t: 40, b: 45 }, hovermode: 'closest', legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom' }, ...layout };
    for (const name of ['xaxis', 'yaxis']) full[name] = { ...axis, ...layout[name] };
    return full;
  }

  /** Draws build() = { traces, layout } into a place, and again when the theme changes. Describe what it shows for those who do not see it. */
  function chart(id, description, build) {
    const host = find(id);
    host.setAttribute('role', 'img');
    host.setAttribute('aria-label', description);
    const draw = () => {
      const { traces, layout } = build();
      return Plotly.react(host, traces, themed(layout), { displayModeBar: false, responsive: true, doubleClick: 'reset' });
    };
    charts.set(id, draw);
    draw();
    return host;
  }

  const redraw = id => charts.get(id)?.();

  /** A table. A column has name, cell(row) (a node, text or number as text), number: true for numbers, wide: true for sentences. */
  function table(caption, columns, rows, attributes = () => ({})) {
    return el('table', {},
      el('caption', { class: 'skip' }, caption),
      el('thead', {}, el('tr', {}, columns.map(column => el('th', { scope: 'col', class: column.number ? 'number' : null, title: column.title }, column.name)))),
      el('tbody', {}, rows.map(row => el('tr', attributes(row), columns.map(column => el('td', { class: column.number ? 'number' : column.wide ? 'wide' : null }, column.cell(row)))))));
  }

  const facts = pairs => el('dl', { class: 'facts' }, pairs.map(({ name, value }) => [el('dt', {}, name), el('dd', {}, value)]));

  function theme(dark) {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    fill('theme', dark ? 'Light' : 'Dark');
    find('theme').setAttribute('aria-label', dark ? 'Switch to light colours' : 'Switch to dark colours');
    for (const draw of charts.values()) draw();
  }

  /** Sections with a heading become the navigation, once scripts have shown those that the page has. */
  function navigation() {
    fill('sections', [...document.querySelectorAll('main section[id]:not([hidden]) > h2')].map(heading => el('a', { href: `#${heading.parentElement.id}` }, heading.textContent)));
  }

  theme(matchMedia('(prefers-color-scheme: dark)').matches);
  find('theme').addEventListener('click', () => theme(document.documentElement.dataset.theme !== 'dark'));
  document.addEventListener('DOMContentLoaded', navigation);
  return { data, el, find, fill, format, plain, color, swatch, series, chart, redraw, table, facts };
})();
