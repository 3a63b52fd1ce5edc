// Trust: how the fit came about, half-step by half-step, and what became of the other starts.
(() => {
  const { data: { trust, facts, settings }, el, find, fill, format, plain, color, series, chart, redraw, table } = Elbo;
  const { trace } = trust;

  /** Both half-steps in their order: the E-step of iteration t at t − ½, its M-step at t. */
  function halfSteps() {
    const steps = [];
    for (let i = 0; i < trace.number.length; i++) {
      if (trace.afterExpectation[i] !== null) steps.push({ x: trace.number[i] - 0.5, y: trace.afterExpectation[i], half: 'E', segment: trace.segment[i] });
      if (trace.afterMaximization[i] !== null) steps.push({ x: trace.number[i], y: trace.afterMaximization[i], half: 'M', segment: trace.segment[i] });
    }
    const last = trace.number.length - 1;
    if (last >= 0) steps.push({ x: trace.number[last] + 0.5, y: trace.objective[last], half: 'E', segment: trace.segment[last] });
    return steps;
  }

  function drawTrace() {
    const steps = halfSteps();
    chart('trace', 'The bound after every E-step and M-step.', () => {
      const shown = steps.slice(Math.floor(steps.length * (1 - Number(find('range').value))));
      const half = (name, letter, symbol, shade) => {
        const own = shown.filter(step => step.half === letter);
        return { type: 'scatter', mode: 'markers', name, x: own.map(step => step.x), y: own.map(step => step.y), text: own.map(step => plain(step.segment)), marker: { symbol, color: shade, size: 7 }, hovertemplate: '%{y:,.2f} nats<br>%{text}<extra>' + name + '</extra>' };
      };
      return {
        traces: [
          { type: 'scatter', mode: 'lines', x: shown.map(step => step.x), y: shown.map(step => step.y), line: { color: color('--quiet'), width: 1 }, showlegend: false, hoverinfo: 'skip' },
          half('after the E-step', 'E', 'circle', series(0)), half('after the M-step', 'M', 'square', series(1)),
        ],
        layout: { xaxis: { title: { text: 'iteration' } }, yaxis: { title: { text: 'nats' }, tickformat: ',.8~r' } },
      };
    });
    find('range').addEventListener('change', () => redraw('trace'));
  }

  function drawParts() {
    // A new segment begins with the parameters that the one before ended with, under the same number: the later record stands for both.
    const shown = trace.number.map((_, index) => index).filter(index => trace.number[index] !== trace.number[index + 1]);
    const pick = values => shown.map(index => values[index]);
    chart('parts', 'The terms of the bound at every iteration, stacked.', () => ({
      traces: [
        ...trace.terms.map((term, index) => ({ type: 'bar', name: plain(term.name), x: pick(trace.number), y: pick(term.values), marker: { color: series(index) }, hovertemplate: '%{y:,.2f}<extra>' + plain(term.name) + '</extra>' })),
        { type: 'scatter', mode: 'lines', name: 'bound', x: pick(trace.number), y: pick(trace.objective), line: { color: color('--ink'), width: 2 } },
      ],
      layout: { barmode: 'relative', bargap: 0.1, xaxis: { title: { text: 'iteration' } }, yaxis: { title: { text: 'nats' }, tickformat: ',.8~r' } },
    }));
  }

  /** KL after each half-step: the log-evidence is that of the parameters which the bound was taken at. */
  function drawGap() {
    const gap = (evidence, bound) => evidence === undefined || evidence === null || bound === null ? null : evidence - bound;
    const least = 1e-9 * Math.max(1, ...trace.objective.map(Math.abs));
    const drawn = values => values.map(value => value > least ? value : null);
    const after = (name, shift, values, symbol, shade) => ({ type: 'scatter', mode: 'lines+markers', name, x: trace.number.map(number => number + shift), y: drawn(values), marker: { symbol, color: shade, size: 7 }, line: { width: 1 }, hovertemplate: '%{y:.4g} nats<extra>' + name + '</extra>' });
    find('gap-part').hidden = false;
    chart('gap', 'The divergence of q from the posterior after every E-step and M-step, on a logarithmic axis.', () => ({
      traces: [
        after('after the E-step', -0.5, trace.afterExpectation.map((bound, i) => gap(trace.logEvidence[i - 1], bound)), 'circle', series(0)),
        after('after the M-step', 0, trace.afterMaximization.map((bound, i) => gap(trace.logEvidence[i], bound)), 'square', series(1)),
      ],
      layout: { xaxis: { title: { text: 'iteration' } }, yaxis: { type: 'log', title: { text: 'KL, nats' }, dtick: 1, exponentformat: 'power' } },
    }));
  }

  function drawPasses() {
    const { passes } = trust;
    const heldOut = passes.heldOut.some(value => value !== null);
    const values = heldOut ? passes.heldOut : passes.moved.some(value => value !== null) ? passes.moved : passes.objective;
    const what = heldOut ? 'held-out score, nats per word' : values === passes.moved ? 'share of words that changed their topic' : 'objective, nats';
    find('passes-part').hidden = false;
    chart('passes', `Pass by pass: ${what}.`, () => ({
      traces: [{ type: 'scatter', mode: 'lines+markers', x: passes.number, y: values, text: passes.segment.map(plain), line: { color: series(0) }, hovertemplate: '%{y:,.4f}<br>%{text}<extra></extra>' }],
      layout: { showlegend: false, xaxis: { title: { text: 'pass' } }, yaxis: { title: { text: what } } },
    }));
  }

  function drawStarts() {
    const { starts } = trust;
    const final = start => start.objective[start.objective.length - 1];
    const best = Math.max(...starts.map(final));
    chart('starts', 'The objective of every start.', () => ({
      traces: starts.map(start => ({
        type: 'scatter', mode: 'lines', name: `start ${start.start}`, y: start.objective, line: { width: start.best ? 3 : 1.5, color: start.best ? series(1) : series(0) }, opacity: start.best ? 1 : 0.6,
      })),
      layout: { showlegend: starts.length <= 10, xaxis: { title: { text: 'iteration' } }, yaxis: { title: { text: 'nats' }, tickformat: ',.8~r' } },
    }));
    fill('starts-table', table('Starts', [
      { name: 'Start', number: true, cell: start => String(start.start) },
      { name: 'Iterations', number: true, cell: start => format.count(start.objective.length - 1) },
      { name: 'Objective, nats', number: true, cell: start => format.number(final(start), 2) },
      { name: 'Below the best', number: true, cell: start => format.number(best - final(start), 2) },
      { name: '', cell: start => start.best ? 'kept' : '' },
    ], starts, start => ({ class: start.best ? 'chosen' : null })));
  }

  /** The scores that were measured besides the fit: held-out, and the gap between bound and evidence. */
  function drawScores({ heldOut, gap }) {
    const parts = [];
    if (heldOut) {
      parts.push(el('div', { id: 'held-out' }, el('h3', {}, 'Documents that the fit has not seen'),
        el('p', {}, `${format.number(heldOut.perToken, 4)} nats per word, perplexity ${format.number(heldOut.perplexity, 1)}: half of each document tells its topics, the other half is scored.`),
        el('p', { class: 'quiet' }, `${format.count(heldOut.documents)} documents, ${format.count(heldOut.tokens)} words of terms seen in training`)));
    }
    if (gap) {
      parts.push(el('div', { id: 'measured-gap' }, el('h3', {}, 'How far the bound is from the evidence'),
        el('p', {}, `KL = log p(w|α,β) − ELBO is ${format.number(gap.value, 1)} nats (${format.number(gap.lower, 1)} to ${format.number(gap.upper, 1)}, 95 %), ${format.number(gap.perToken, 4)} per word: `
          + `log p is about ${format.number(gap.logEvidence, 1)}, the bound ${format.number(gap.bound, 1)}.`),
        el('p', { class: 'quiet' }, `Measured by sampling on ${format.count(gap.documents)} of ${format.count(gap.of)} documents` + (gap.isAtMeans ? ', at the mean topics: the topics are distributions, and the gap of the whole corpus under them is not estimated.' : '.')),
        el('div', { class: 'chart low', id: 'document-gap' })));
    }
    if (parts.length === 0) return;
    fill('scores', parts);
    if (gap) {
      chart('document-gap', 'The gap per word of every measured document, in rising order.', () => ({
        traces: [{ type: 'scatter', mode: 'lines', x: gap.sortedPerToken.map((_, index) => (index + 0.5) / gap.sortedPerToken.length), y: gap.sortedPerToken, line: { color: color('--kl'), width: 2 }, hovertemplate: '%{x:.0%} of the documents: at most %{y:.4f} nats per word<extra></extra>' }],
        layout: { showlegend: false, xaxis: { title: { text: 'share of documents' }, tickformat: ',.0%', range: [0, 1] }, yaxis: { title: { text: 'KL, nats per word' } } },
      }));
    }
  }

  fill('stop', trust.stop);
  fill('certificate', trust.certificate);
  fill('facts', Elbo.facts(facts));
  fill('settings', Elbo.facts(settings));
  if (trace.number.length > 1) {
    drawTrace();
    drawParts();
    if (trace.logEvidence.every(value => value !== null)) drawGap();
  } else {
    find('trace-part').hidden = find('terms-part').hidden = true;
  }
  drawScores(trust);
  if (trust.passes?.number.length > 0) drawPasses();
  if (trust.starts.length > 1 && trust.starts.every(start => start.objective.length > 0)) drawStarts(); else find('starts-part').hidden = true;
  if (trust.dropped?.length > 0) {
    fill('dropped', el('h3', {}, 'What was dropped from the text'), table('Dropped', [
      { name: '', cell: row => row.what },
      { name: 'Read', number: true, cell: row => format.count(row.read) },
      { name: 'Kept', number: true, cell: row => format.count(row.kept) },
      { name: 'Dropped', cell: row => row.causes.map(cause => `${format.count(cause.count)} ${cause.cause}`).join(', ') || 'nothing' },
    ], trust.dropped));
  }
})();
