// The decomposition: log p(X|θ) = ELBO + KL at every half-step of a fit.
(() => {
  const { data: { decomposition: fit }, el, fill, format, color, series, chart, redraw } = Elbo;
  const { steps } = fit;
  const DIGITS = 3, ROUNDING = 5e-4;
  const nats = value => format.number(Math.abs(value) < ROUNDING ? 0 : value, DIGITS);
  let at = 0, close = false;

  const name = ({ kind, iteration }) => kind === 'start' ? 'The start' : `Iteration ${iteration}, after the ${kind}-step`;

  function words() {
    const step = steps[at], before = steps[at - 1];
    if (step.kind === 'start') return 'q is no posterior yet, so that part of log p(X|θ) is KL.';
    const rise = nats(step.elbo - before.elbo);
    return step.kind === 'E'
      ? `q became p(Z|X, θ): KL fell to 0, and the ELBO rose by ${rise} nats. log p(X|θ) is what it was.`
      : `θ became the top of the ELBO, which rose by ${rise} nats; log p(X|θ) rose by ${nats(step.logEvidence - before.logEvidence)}. The difference is the new KL.`;
  }

  /** Where the bar's axis begins and ends: the whole run, or this step and the one before. */
  function range() {
    const shown = close ? steps.slice(Math.max(0, at - 1), at + 1) : steps;
    return Explain.span(shown.flatMap(step => [step.elbo, step.logEvidence]), close ? 0.15 : 0.04);
  }

  function bar() {
    const step = steps[at], [from, to] = range();
    const part = (part, base, length, shade, text) => ({ type: 'bar', orientation: 'h', name: part, y: [''], base: [base], x: [length], marker: { color: shade }, hovertemplate: `${text} nats<extra>${part}</extra>` });
    return {
      traces: [part('ELBO', from, step.elbo - from, color('--elbo'), nats(step.elbo)), part('KL', step.elbo, step.logEvidence - step.elbo, color('--kl'), nats(step.divergence))],
      layout: {
        barmode: 'overlay', bargap: 0.2, xaxis: { range: [from, to], title: { text: 'nats' }, nticks: 6 }, yaxis: { showticklabels: false },
        shapes: [{ type: 'line', xref: 'x', yref: 'paper', x0: step.logEvidence, x1: step.logEvidence, y0: 0, y1: 1, line: { color: color('--evidence'), width: 3 } }],
        annotations: [{ x: step.logEvidence, y: 0.5, yref: 'paper', xanchor: step.logEvidence > (from + to) / 2 ? 'right' : 'left', xshift: step.logEvidence > (from + to) / 2 ? -6 : 6, text: `log p(X|θ) = ${nats(step.logEvidence)}`, showarrow: false, bgcolor: color('--paper'), borderpad: 3 }],
      },
    };
  }

  function points() {
    const { parameters, first, second, responsibilities, columns } = fit, step = steps[at], theta = parameters[step.theta];
    return {
      traces: [
        { type: 'scatter', mode: 'markers', x: first, y: second, customdata: responsibilities[step.q], showlegend: false, hovertemplate: `${columns[0]} %{x}, ${columns[1]} %{y}<br>q₁ = %{customdata:.3f}<extra></extra>`,
          marker: { size: 7, color: responsibilities[step.q], cmin: 0, cmax: 1, colorscale: [[0, series(1)], [1, series(0)]], opacity: 0.85 } },
        ...theta.ellipses.map(([x, y], k) => ({ type: 'scatter', mode: 'lines', x, y, name: `component ${k + 1}, weight ${format.number(theta.weights[k], 2)}`, line: { color: series(k), width: 3, dash: k ? 'dash' : 'solid' }, hoverinfo: 'skip' })),
        { type: 'scatter', mode: 'markers+text', x: theta.means.map(mean => mean[0]), y: theta.means.map(mean => mean[1]), text: ['1', '2'], textposition: 'top center', textfont: { size: 16, color: color('--ink') }, showlegend: false,
          marker: { symbol: 'x', size: 12, color: color('--ink') }, hovertemplate: 'mean %{x:.3f}, %{y:.2f}<extra></extra>' },
      ],
      layout: { xaxis: { title: { text: `${columns[0]} (minutes)` }, range: Explain.span(first, 0.25) }, yaxis: { title: { text: `${columns[1]} (minutes)` }, range: Explain.span(second, 0.25) } },
    };
  }

  function run() {
    const line = (name, of, shade, dash) => ({ type: 'scatter', mode: 'lines', name, x: steps.map((_, i) => i + 1), y: steps.map(of), line: { color: shade, width: 2.5, dash }, hovertemplate: '%{y:,.3f} nats<extra>' + name + '</extra>' });
    return {
      traces: [
        line('log p(X|θ)', step => step.logEvidence, color('--evidence'), 'dot'), line('ELBO', step => step.elbo, color('--elbo')),
        { type: 'scatter', mode: 'markers', x: [at + 1], y: [steps[at].elbo], marker: { size: 12, color: color('--kl') }, name: 'here', hoverinfo: 'skip' },
      ],
      layout: { xaxis: { title: { text: 'half-step' } }, yaxis: { title: { text: 'nats' }, nticks: 5 } },
    };
  }

  function show(step, closer) {
    [at, close] = [step, closer];
    const now = steps[at], [from] = range();
    fill('decomposition-name', name(now));
    fill('decomposition-words', words());
    fill('decomposition-axis', `The axis begins at ${format.number(from, 1)} nats, not at 0: only where parts end, and the length of KL, can be read from it.`);
    const rows = [['log p(X|θ)', now.logEvidence, 'evidence'], ['= ELBO', now.elbo, 'elbo'], ['+ KL', now.divergence, 'kl'], ['E[log p(X,Z|θ)]', now.expectedLogJoint, 'joint'], ['+ H(q) = ELBO', now.entropy, 'entropy']];
    fill('decomposition-numbers', el('dl', { class: 'facts' }, rows.map(([term, value, code]) => [el('dt', {}, term), el('dd', { 'data-number': code }, nats(value))])));
    for (const part of ['bar', 'data', 'run']) redraw(`decomposition-${part}`);
  }

  fill('decomposition-defect', `They differ from the identity by ${fit.largestDefect.toExponential(1).replace('-', '−')} nats at most.`);
  fill('decomposition-source', fit.source);
  chart('decomposition-bar', 'A bar from a stated beginning to log p(X|θ), split into ELBO and KL. The numbers stand below.', bar);
  chart('decomposition-data', 'Eruption and waiting times, coloured by responsibility, with an ellipse for each component.', points);
  chart('decomposition-run', 'log p(X|θ) and ELBO after every half-step.', run);
  Explain.stepper('decomposition', steps.length, show);
})();
