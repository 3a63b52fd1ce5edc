// LDA on tiny documents: what brute force says, and what the approximations say.
(() => {
  const { data: { topics: figure }, el, find, fill, format, color, series, chart, redraw, table } = Elbo;
  const { names, terms, probabilities, documents } = figure;
  const labels = documents.map((_, i) => `${i + 1}`);
  let chosen = documents.reduce((worst, document, i) => document.divergence > documents[worst].divergence ? i : worst, 0);

  function choose(document) {
    chosen = document;
    find('lda-document').value = String(document);
    const { words, meanFieldError, collapsedError } = documents[document];
    fill('lda-errors', `“${words}”: the largest error of a share is ${format.number(meanFieldError, 3)} by mean field and ${format.number(collapsedError, 3)} by CVB0.`);
    redraw('lda-gap');
    redraw('lda-shares');
    list();
  }

  function list() {
    const number = (name, value, title) => ({ name, number: true, title, cell: i => format.number(value(documents[i]), 4) });
    fill('lda-documents', table('Documents', [
      { name: 'Document', cell: i => el('button', { type: 'button', class: 'plain', onclick: () => choose(i) }, `${i + 1}: ${documents[i].words}`) },
      number('log p(w|α, β)', document => document.logEvidence, 'by brute force'), number('ELBO', document => document.elbo, 'mean field'), number('KL', document => document.divergence),
      number('log p by AIS', document => document.annealed, 'annealed importance sampling'), number('s.e.', document => document.standardError, 'standard error of the estimate'),
      number('Error, mean field', document => document.meanFieldError, 'largest error of a topic’s share'), number('Error, CVB0', document => document.collapsedError, 'largest error of a topic’s share'),
    ], documents.map((_, i) => i), i => ({ class: i === chosen ? 'chosen' : null })));
  }

  function gap() {
    return {
      traces: [
        { type: 'bar', name: 'exact', x: labels, y: documents.map(document => document.divergence), hovertext: documents.map(document => document.words), hovertemplate: '%{hovertext}<br>KL = %{y:.4f} nats<extra></extra>',
          marker: { color: color('--kl'), line: { color: color('--ink'), width: documents.map((_, i) => i === chosen ? 2.5 : 0) } } },
        { type: 'scatter', mode: 'markers', name: 'by annealing, ± 2 standard errors', x: labels, y: documents.map(document => document.annealed - document.elbo), hovertemplate: 'log p̂ − ELBO = %{y:.4f} nats<extra></extra>',
          marker: { color: color('--ink'), size: 9 }, error_y: { type: 'data', array: documents.map(document => 2 * document.standardError), color: color('--ink'), thickness: 2 } },
      ],
      layout: { xaxis: { title: { text: 'document' }, type: 'category' }, yaxis: { title: { text: 'KL = log p − ELBO (nats)' }, rangemode: 'tozero' } },
    };
  }

  function shares() {
    const document = documents[chosen];
    const bars = (name, values, shade) => ({ type: 'bar', name, x: names, y: values, marker: { color: shade }, hovertemplate: '%{x}: %{y:.3f}<extra>' + name + '</extra>' });
    return {
      traces: [bars('exact', document.exact, color('--evidence')), bars('mean field', document.meanField, series(0)), bars('CVB0', document.collapsed, series(1))],
      layout: { barmode: 'group', yaxis: { title: { text: 'E[ϑ|w]' }, range: [0, 1] } },
    };
  }

  fill('lda-alpha', String(figure.alpha));
  fill('lda-annealing', `${format.count(figure.chains)} chains of ${format.count(figure.steps)} steps`);
  fill('lda-topics', table('Topics', [
    { name: 'Topic', cell: k => names[k] },
    ...terms.map((term, v) => ({ name: term, number: true, cell: k => format.number(probabilities[k][v], 2) })),
  ], names.map((_, k) => k)));
  fill('lda-document', documents.map((document, i) => el('option', { value: i }, `${i + 1}: ${document.words}`)));
  find('lda-document').addEventListener('change', event => choose(Number(event.target.value)));
  chart('lda-gap', 'KL of mean field for each document. The table below has the numbers.', gap).on('plotly_click', event => choose(event.points[0].pointNumber));
  chart('lda-shares', 'The posterior mean shares of the topics in the chosen document: exact, by mean field, by CVB0.', shares);
  choose(chosen);
})();
