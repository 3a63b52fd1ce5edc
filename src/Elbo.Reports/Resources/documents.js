// Words and documents: what a word may mean, what a document is made of, and topics over labels.
const Documents = (() => {
  const { data, el, find, fill, format, plain, swatch, series, chart, redraw, table } = Elbo;
  const { topics, terms, documents, trend } = data;
  const Most = 50, Colors = 8;
  let open = 0, alone = null;

  function search() {
    const text = find('search').value.trim().toLowerCase();
    if (!text) {
      fill('found');
      fill('search-note', `${format.count(terms.names.length)} of ${format.count(terms.total)} terms can be found here`);
      return;
    }
    const hits = [];
    for (let term = 0; term < terms.names.length; term++) if (terms.names[term].includes(text)) hits.push(term);
    const rank = term => terms.names[term] === text ? 0 : terms.names[term].startsWith(text) ? 1 : 2;
    hits.sort((a, b) => rank(a) - rank(b) || terms.shares[b] - terms.shares[a] || a - b);
    fill('search-note', hits.length === 0 ? 'no such word' : hits.length > Most ? `${format.count(hits.length)} words; the first ${Most} are shown` : `${format.count(hits.length)} word${hits.length === 1 ? '' : 's'}`);
    fill('found', hits.slice(0, Most).map(term => el('li', {}, el('button', { type: 'button', class: 'plain', onclick: () => showTerm(term) }, terms.names[term]))));
    if (hits.length > 0) showTerm(hits[0]); else fill('term-topics');
  }

  function showTerm(term) {
    fill('term-topics', el('h3', {}, terms.names[term]), el('p', { class: 'quiet' }, `${format.number(100 * terms.shares[term], 3)} % of all words. The topics that its occurrences come from:`),
      table('Topics of the word', [
        { name: 'Share', number: true, cell: index => format.share(terms.topicShares[term][index]) },
        { name: 'Topic', cell: index => Topics.link(terms.topics[term][index]) },
      ], terms.topics[term].map((_, index) => index)));
  }

  function fillSelect() {
    const text = find('document-search').value.trim().toLowerCase();
    const hits = documents.map((_, index) => index).filter(index => !text || documents[index].id.toLowerCase().includes(text) || documents[index].label?.toLowerCase().includes(text));
    fill('document', hits.map(index => el('option', { value: index, selected: index === open }, documents[index].label ? `${documents[index].id} (${documents[index].label})` : documents[index].id)));
    if (hits.length > 0 && !hits.includes(open)) show(hits[0]);
  }

  /** The colour of a topic in a document: its largest topics have one of their own. */
  const colorIn = (document, topic) => {
    const rank = document.topics.indexOf(topic);
    return rank >= 0 && rank < Colors ? swatch(rank === 7 ? 8 : rank) : 'var(--quiet)';
  };

  function marked(document) {
    const nodes = [];
    let at = 0;
    for (let i = 0; i < document.marks.length; i += 4) {
      const [skip, length, topic, percent] = document.marks.slice(i, i + 4);
      nodes.push(document.text.slice(at, at + skip));
      at += skip;
      nodes.push(el('mark', {
        swatch: colorIn(document, topic), class: alone !== null && topic !== alone || percent < 50 ? 'faint' : null, 'data-topic': topic, title: `${Topics.titleOf(topic)}, ${percent} %`,
      }, document.text.slice(at, at + length)));
      at += length;
    }
    nodes.push(document.text.slice(at), document.isCut ? ' …' : '');
    return nodes;
  }

  const kinds = { tokens: 'The text itself is not here: these are its words that the model knows, in their order.', counts: 'The text itself is not here: these are its words that the model knows, with how often they occur.' };

  function show(index, scroll = false) {
    open = index;
    const document = documents[index];
    fill('document-name', document.id);
    fill('document-facts', [document.label, document.source, `${format.count(document.tokens)} words` + (document.unknownTokens ? `, of which ${format.count(document.unknownTokens)} are unknown to the model` : ''), kinds[document.textKind]]
      .filter(Boolean).join(' · '));
    fill('document-topics', document.topics.map((topic, rank) => el('button', {
      type: 'button', 'aria-pressed': String(alone === topic), 'data-topic': topic, onclick: () => { alone = alone === topic ? null : topic; show(open); },
    }, el('span', { class: 'swatch', swatch: colorIn(document, topic) }), `${format.share(document.shares[rank])} ${Topics.titleOf(topic)}`)));
    fill('document-text', document.text ? marked(document) : 'Its text is not on this page, which has room for some only.');
    find('document').value = String(index);
    if (scroll) find('documents').scrollIntoView({ block: 'start' });
  }

  function drawTrend() {
    fill('over-heading', trend.isNumeric ? 'Over time' : 'Over labels');
    fill('over-note', `Topic shares in the documents of each label, by words; the chosen topic stands out.` + (trend.omitted ? ` ${format.count(trend.omitted)} labels with fewer documents are left out.` : ''));
    const spread = topic => Math.max(...trend.shares[topic]) - Math.min(...trend.shares[topic]);
    const moving = topics.map(topic => topic.id).sort((a, b) => spread(b) - spread(a)).slice(0, 5);
    chart('trend', 'The share of the chosen topic in the documents of each label.', () => {
      const chosen = Topics.chosen();
      const line = (topic, rank) => ({
        type: 'scatter', mode: 'lines', name: plain(Topics.titleOf(topic)), x: trend.labels.map(Number), y: trend.shares[topic], opacity: topic === chosen ? 1 : 0.6, line: { width: topic === chosen ? 3.5 : 1.5, color: series(topic === chosen ? 1 : [0, 2, 3, 4, 5, 6][rank]) },
      });
      return trend.isNumeric
        ? { traces: [...moving.filter(topic => topic !== chosen).map(line), line(chosen, 0)], layout: { yaxis: { tickformat: ',.0%', rangemode: 'tozero' } } }
        : { traces: [{ type: 'bar', x: trend.labels.map(plain), y: trend.shares[chosen], marker: { color: series(1) }, name: plain(Topics.titleOf(chosen)) }], layout: { showlegend: false, title: { text: plain(Topics.titleOf(chosen)), font: { size: 14 } }, xaxis: { type: 'category' }, yaxis: { tickformat: ',.0%' } } };
    });
    Topics.onChoose(() => redraw('trend'));
  }

  find('search').addEventListener('input', search);
  search();
  if (documents.length > 0) {
    find('documents').hidden = false;
    fill('documents-note', documents.length < data.documentCount ? `${format.count(documents.length)} of ${format.count(data.documentCount)} documents are on this page: those that have most of a topic, and some drawn at random.` : 'All documents are on this page.');
    find('document-search').addEventListener('input', fillSelect);
    find('document').addEventListener('change', () => show(Number(find('document').value)));
    fillSelect();
    show(0);
    Topics.onChoose(() => show(open));
  }
  if (trend) {
    find('over').hidden = false;
    drawTrend();
  }
  return { open: (index, scroll) => { find('document-search').value = ''; fillSelect(); show(index, scroll); } };
})();
