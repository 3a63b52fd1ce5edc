// The bound that touches: log p(X|θ) along one parameter, and the ELBO of the present q below it.
(() => {
  const { data: { bound: { grid, logEvidence, fixed, bounds, top } }, fill, format, color, chart, redraw } = Elbo;
  const CLOSEST = 0.5;
  let at = 0, close = false;

  /** Steps come in pairs: the E-step of a bound, then its M-step. */
  const current = () => ({ bound: bounds[at >> 1], moved: at % 2 === 1, before: bounds[(at >> 1) - 1] });

  function range() {
    if (!close) return { x: Explain.span(grid, 0), y: Explain.span(logEvidence) };
    const { bound } = current(), reach = Math.max(1.5 * Math.abs(bound.next - bound.at), CLOSEST);
    const x = [Math.min(bound.at, bound.next) - reach, Math.max(bound.at, bound.next) + reach];
    const inside = logEvidence.filter((_, i) => grid[i] >= x[0] && grid[i] <= x[1]);
    return { x, y: Explain.span([...inside, bound.touch, bound.height, bound.nextEvidence]) };
  }

  function build() {
    const { bound, moved, before } = current(), { x, y } = range();
    const curve = (name, values, shade, width, dash) => ({ type: 'scatter', mode: 'lines', x: grid, y: values, name, line: { color: shade, width, dash }, hovertemplate: '%{y:,.2f}<extra>' + name + '</extra>' });
    const mark = (name, px, py, shade, symbol) => ({ type: 'scatter', mode: 'markers', x: [px], y: [py], name, marker: { size: 13, color: shade, symbol }, hovertemplate: '%{x:.3f}, %{y:,.3f}<extra>' + name + '</extra>' });
    return {
      traces: [
        ...(before ? [curve(`the bound before`, before.elbo, color('--quiet'), 1.5, 'dot')] : []),
        curve('log p(X|θ)', logEvidence, color('--evidence'), 3), curve(`ELBO of q, iteration ${bound.iteration}`, bound.elbo, color('--elbo'), 2.5, 'dash'),
        mark('touches here', bound.at, bound.touch, color('--evidence'), moved ? 'circle-open' : 'circle'),
        ...(moved ? [
          { type: 'scatter', mode: 'lines', x: [bound.next, bound.next], y: [bound.height, bound.nextEvidence], name: 'KL', line: { color: color('--kl'), width: 5 }, hoverinfo: 'skip' },
          mark('top of the bound', bound.next, bound.height, color('--elbo'), 'diamond'), mark('next touch', bound.next, bound.nextEvidence, color('--evidence'), 'circle'),
        ] : []),
      ],
      layout: { xaxis: { title: { text: 'μ₁ (minutes)' }, range: x }, yaxis: { title: { text: 'nats' }, range: y } },
    };
  }

  function show(step, closer) {
    [at, close] = [step, closer];
    const { bound, moved } = current();
    const mean = value => format.number(value, 3), nats = value => format.number(value, 3);
    fill('bound-name', `Iteration ${bound.iteration}, after the ${moved ? 'M' : 'E'}-step`);
    fill('bound-words', moved
      ? `μ₁ = ${mean(bound.next)}, the top of the bound: ELBO ${nats(bound.height)}, log p(X|θ) ${nats(bound.nextEvidence)}, KL ${nats(bound.nextEvidence - bound.height)} nats.`
      : `μ₁ = ${mean(bound.at)}, where the bound touches: ELBO = log p(X|θ) = ${nats(bound.touch)} nats.`);
    redraw('bound-chart');
  }

  fill('bound-fixed', `The rest stays at its fit: weights ${format.number(fixed.weights[0], 3)} and ${format.number(fixed.weights[1], 3)}, variances ${format.number(fixed.variances[0], 2)} and ${format.number(fixed.variances[1], 2)}, μ₂ = ${format.number(fixed.secondMean, 2)}. On the grid log p(X|θ) is highest at ${format.number(top, 2)}.`);
  fill('bound-points', format.count(grid.length));
  chart('bound-chart', 'log p(X|θ) over the mean, and below it the ELBO of the present q, which touches it at the present mean. The numbers stand above. Where a bound lies far below, the axis cuts it off.', build);
  Explain.stepper('bound', 2 * bounds.length, show);
})();
