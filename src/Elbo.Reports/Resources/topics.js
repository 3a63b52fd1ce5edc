// Topics: the table, the map, and the one that is chosen.
const Topics = (() => {
  const { data, el, find, fill, format, plain, series, chart, redraw, table } = Elbo;
  const { topics, terms } = data;
  const labels = new Map(topics.filter(topic => topic.label).map(topic => [topic.id, topic.label]));
  const listeners = [];
  let chosen = topics.reduce((best, topic) => topic.share > best.share ? topic : best).id;

  const nameOf = id => labels.get(id) ?? topics[id].words;
  const titleOf = id => `Topic ${id}: ${nameOf(id)}`;
  const link = id => el('button', { type: 'button', class: 'plain', onclick: () => choose(id, true) }, titleOf(id));

  function choose(id, scroll = false) {
    chosen = id;
    show();
    for (const listener of listeners) listener(id);
    if (scroll) find('topic').scrollIntoView({ block: 'start' });
  }

  function head() {
    fill('title', data.title);
    fill('summary', `${format.count(topics.length)} topics, ${format.count(terms.total)} terms` + (data.documentCount ? `, ${format.count(data.documentCount)} documents` : ''));
    fill('warnings', data.warnings.map(warning => el('p', { class: 'warning', 'data-code': warning.code }, warning.message)));
  }

  function list() {
    const key = find('sort').value;
    const order = [...topics].sort((a, b) => key === 'id' ? a.id - b.id : b[key] - a[key] || a.id - b.id);
    fill('topic-table', table('Topics', [
      { name: 'Topic', number: true, cell: topic => String(topic.id) },
      { name: 'Share', number: true, cell: topic => format.share(topic.share) },
      { name: 'Name', cell: topic => el('button', { type: 'button', class: 'plain', 'data-topic': topic.id, onclick: () => choose(topic.id) }, nameOf(topic.id)) },
      { name: 'Effective terms', number: true, title: 'exp of the entropy of the topic: over how many terms it spreads', cell: topic => format.count(topic.effectiveTerms) },
      ...(topics[0].quality.map((quality, index) => ({ name: quality.name, number: true, cell: topic => topic.quality[index]?.value ?? '–' }))),
    ], order, topic => ({ class: topic.id === chosen ? 'chosen' : null })));
  }

  function map() {
    chart('map', 'A map of the topics: close together where they use the same words. The table beside it has the same topics.', () => {
      const largest = Math.max(...topics.map(topic => topic.share));
      return {
        traces: [{
          type: 'scatter', mode: 'markers+text', x: topics.map(topic => topic.x), y: topics.map(topic => topic.y), customdata: topics.map(topic => topic.id),
          text: topics.map(topic => topics.length <= 60 || topic.id === chosen ? String(topic.id) : ''), hovertext: topics.map(topic => plain(`${titleOf(topic.id)}, ${format.share(topic.share)}`)), hoverinfo: 'text',
          marker: {
            sizemode: 'area', size: topics.map(topic => topic.share), sizeref: largest / (52 * 52), sizemin: 3,
            color: topics.map(topic => topic.id === chosen ? series(1) : series(0)), opacity: 0.55, line: { width: topics.map(topic => topic.id === chosen ? 3 : 1), color: series(7) },
          },
        }],
        layout: { showlegend: false, margin: { l: 10, r: 10, t: 10, b: 10 }, xaxis: { showticklabels: false, zeroline: false }, yaxis: { showticklabels: false, zeroline: false, scaleanchor: 'x' } },
      };
    }).on('plotly_click', event => choose(event.points[0].customdata));
  }

  /** The 30 most relevant terms: λ log p(v|k) + (1 − λ) log (p(v|k) / p(v)). */
  function relevant(topic, lambda) {
    const score = index => Math.log(topic.probabilities[index]) - (1 - lambda) * Math.log(terms.shares[topic.terms[index]]);
    return topic.terms.map((term, index) => ({ term, probability: topic.probabilities[index], score: score(index) }))
      .sort((a, b) => b.score - a.score || b.probability - a.probability || a.term - b.term).slice(0, 30);
  }

  function bars() {
    chart('terms', 'The most relevant words of the topic: how often they occur in it, and overall.', () => {
      const topic = topics[chosen];
      const shown = relevant(topic, Number(find('lambda').value)).reverse();
      const names = shown.map(({ term }) => plain(terms.names[term]));
      const trace = (name, values, index, width) => ({
        type: 'bar', orientation: 'h', name, y: names, x: values, width, marker: { color: series(index) }, hovertemplate: '%{y}: %{x:.3%}<extra>' + name + '</extra>',
      });
      return {
        traces: [
          trace('of all words', shown.map(({ term }) => terms.shares[term]), 7, 0.8),
          trace('of all words, in this topic', shown.map(({ probability }) => probability * topic.share), 1, 0.45),
        ],
        layout: { barmode: 'overlay', height: 660, xaxis: { tickformat: ',.1%', title: { text: 'share of all words' } }, yaxis: { type: 'category', tickfont: { size: 12 }, dtick: 1 }, margin: { l: 110, r: 10, t: 40, b: 50 } },
      };
    });
  }

  function show() {
    const topic = topics[chosen];
    fill('topic-name', titleOf(chosen));
    fill('topic-facts', `${format.share(topic.share)} of the words, α ${format.short(topic.alpha)}, spread over about ${format.count(topic.effectiveTerms)} terms`
      + topic.quality.map(quality => `, ${quality.name} ${quality.value}`).join(''));
    find('label').value = labels.get(chosen) ?? '';
    find('label').placeholder = topic.words;
    fill('lambda-value', format.number(Number(find('lambda').value), 2));
    bars();
    fill('topic-documents', topic.documents.length === 0 ? [] : [el('h3', {}, 'Documents that have most of it'), el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Documents of the topic' }, table('Documents of the topic', [
      { name: 'Share', number: true, cell: index => format.share(topic.shares[index]) },
      { name: 'Document', cell: index => el('button', { type: 'button', class: 'plain', 'data-document': topic.documents[index], onclick: () => Documents.open(topic.documents[index], true) }, data.documents[topic.documents[index]].id) },
      { name: 'Begins', wide: true, cell: index => snippet(data.documents[topic.documents[index]]) },
    ], topic.documents.map((_, index) => index)))]);
    fill('topic-correlated', topic.correlated.length === 0 ? [] : [el('h3', {}, 'Topics that come with it, or avoid it'), table('Correlated topics', [
      { name: 'Correlation', number: true, cell: other => format.number(other.correlation, 2) },
      { name: 'Topic', cell: other => link(other.topic) },
    ], topic.correlated)]);
    for (const row of find('topic-table').querySelectorAll('tbody tr')) row.classList.toggle('chosen', row.querySelector('button').dataset.topic === String(chosen));
    redraw('map');
  }

  const snippet = document => document.text ? document.text.slice(0, 120).replace(/\s+/g, ' ') + (document.text.length > 120 ? '…' : '') : '';

  function step(by) {
    const order = [...find('topic-table').querySelectorAll('button')].map(button => Number(button.dataset.topic));
    choose(order[(order.indexOf(chosen) + by + order.length) % order.length]);
  }

  function relabel() {
    const text = find('label').value.trim();
    if (text) labels.set(chosen, text); else labels.delete(chosen);
    list();
    show();
    for (const listener of listeners) listener(chosen);
    fill('label-note', "kept in this window until exported; then 'elbo label MODEL --file labels.json' puts them into the model");
  }

  function exportLabels() {
    const all = Object.fromEntries([...labels].sort(([a], [b]) => a - b));
    const link = el('a', { href: URL.createObjectURL(new Blob([JSON.stringify(all, null, 2) + '\n'], { type: 'application/json' })), download: 'labels.json' });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  head();
  list();
  map();
  show();
  find('sort').addEventListener('change', list);
  find('lambda').addEventListener('input', () => { fill('lambda-value', format.number(Number(find('lambda').value), 2)); redraw('terms'); });
  find('previous').addEventListener('click', () => step(-1));
  find('next').addEventListener('click', () => step(1));
  find('label').addEventListener('change', relabel);
  find('export').addEventListener('click', exportLabels);
  return { titleOf, link, onChoose: listener => listeners.push(listener), chosen: () => chosen };
})();
