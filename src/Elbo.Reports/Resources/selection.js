// How many topics: the numbers that were compared, by what one cares about.
(() => {
  const { data, el, find, fill, format, plain, series, chart, table } = Elbo;
  const { candidates } = data;
  const measures = [
    { key: 'heldOut', name: 'held-out score', digits: 4, note: 'Nats per word of documents that no fit has seen; higher is better. Dots are single fits.' },
    { key: 'bound', name: 'bound', digits: 0, note: 'The ELBO of the training documents in nats. It tends to rise with the number of topics and does not tell how many there should be.' },
    { key: 'coherence', name: data.coherenceName, digits: 4, note: 'How much the top words of a topic occur together; higher is more coherent.' },
    { key: 'stability', name: 'stability', digits: 3, note: 'How alike the topics of different fits are, matched one to one; 1 is the same topics every time.' },
  ].filter(measure => candidates.some(candidate => candidate[measure.key] !== undefined));
  let chosen = candidates.findIndex(candidate => candidate.recommended);

  function list() {
    fill('candidates', table('Numbers of topics', [
      { name: 'Topics', number: true, cell: candidate => el('button', { type: 'button', class: 'plain', 'data-topics': candidate.topics, onclick: () => choose(candidates.indexOf(candidate)) }, String(candidate.topics)) },
      ...measures.map(measure => ({ name: measure.name, number: true, cell: candidate => format.number(candidate[measure.key], measure.digits) + (measure.key === 'heldOut' && candidate.heldOutSpread !== undefined ? ` ± ${format.number(candidate.heldOutSpread, measure.digits)}` : '') })),
      { name: '', cell: candidate => candidate.recommended ? 'smallest within the spread' : candidate.comparable ? 'within the spread' : '' },
    ], candidates, candidate => ({ class: candidate === candidates[chosen] ? 'chosen' : null })));
  }

  function curve() {
    chart('curve', 'The chosen measure over the number of topics. The table beside it has the same numbers.', () => {
      const measure = measures[Number(find('measure').value)];
      const mean = { type: 'scatter', mode: 'lines+markers', name: 'average', x: candidates.map(candidate => candidate.topics), y: candidates.map(candidate => candidate[measure.key] ?? null), line: { color: series(0), width: 2 }, marker: { size: 9 } };
      const fits = candidates.flatMap(candidate => candidate.restarts.filter(restart => restart[measure.key] !== undefined).map(restart => ({ x: candidate.topics, y: restart[measure.key], seed: restart.seed })));
      const dots = { type: 'scatter', mode: 'markers', name: 'a fit', x: fits.map(fit => fit.x), y: fits.map(fit => fit.y), text: fits.map(fit => plain(`seed ${fit.seed}`)), marker: { color: series(1), size: 7, opacity: 0.7 } };
      return { traces: fits.length > 0 ? [mean, dots] : [mean], layout: { xaxis: { title: { text: 'topics' }, type: 'log', tickvals: candidates.map(candidate => candidate.topics) }, yaxis: { title: { text: measure.name }, tickformat: measure.digits === 0 ? ',.8~r' : undefined } } };
    });
    fill('measure-note', measures[Number(find('measure').value)].note);
  }

  function show() {
    const candidate = candidates[chosen];
    fill('topics', table('Topics', [
      { name: 'Topic', number: true, cell: topic => String(topic.id) },
      { name: 'Share', number: true, cell: topic => format.share(topic.share) },
      { name: 'Words', wide: true, cell: topic => topic.words },
      { name: data.coherenceName, number: true, cell: topic => format.number(topic.coherence, 3) },
      { name: 'Stability', number: true, title: 'on average, how alike the topic matched to it in the other fits is', cell: topic => format.number(topic.stability, 2) },
    ], candidate.best));
    fill('restarts', table('Fits', [
      { name: 'Seed', number: true, cell: restart => String(restart.seed) },
      { name: 'Held-out score', number: true, cell: restart => format.number(restart.heldOut, 4) },
      { name: 'Bound, nats', number: true, cell: restart => format.number(restart.bound, 0) },
      { name: data.coherenceName, number: true, cell: restart => format.number(restart.coherence, 4) },
      { name: 'Ended', cell: restart => restart.stop },
    ], candidate.restarts));
    find('candidate').value = String(chosen);
  }

  function choose(index) {
    chosen = index;
    list();
    show();
  }

  fill('title', data.title);
  fill('summary', data.summary);
  fill('recommendation', data.recommendation.map(line => el('p', {}, line)));
  fill('facts', Elbo.facts(data.facts));
  fill('measure', measures.map((measure, index) => el('option', { value: index }, measure.name)));
  fill('candidate', candidates.map((candidate, index) => el('option', { value: index }, String(candidate.topics))));
  list();
  curve();
  show();
  find('measure').addEventListener('change', curve);
  find('candidate').addEventListener('change', () => choose(Number(find('candidate').value)));
})();
