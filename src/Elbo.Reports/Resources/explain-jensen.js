// Jensen's inequality: two points and a weight, on a curve that is concave in its middle alone.
(() => {
  const { data: { jensen: { first, second, weight, radius } }, el, find, fill, format, color, series, chart, redraw } = Elbo;
  const f = x => Math.exp(-(x - 2) * (x - 2));
  const LEAST = 0, MOST = 4, EDGE = 0.4, REACH = 0.3;
  const names = ['first', 'second', 'weight'];
  const state = { first, second, weight };
  const examples = [
    ['The article’s points', { first, second, weight }],
    ['Both where f is concave', { first: 1.4, second: 2.6, weight: 0.3 }],
    ['Where it fails', { first: 3, second: 4, weight: 0.5 }],
  ];

  function sides() {
    const mean = state.weight * state.first + (1 - state.weight) * state.second;
    return { mean, secant: state.weight * f(state.first) + (1 - state.weight) * f(state.second), curve: f(mean) };
  }

  function verdict({ secant, curve }) {
    const outside = [['v₁', state.first], ['v₂', state.second]].filter(([, v]) => Math.abs(v - 2) > radius).map(([name]) => name);
    if (outside.length === 0) return ['concave', 'Both points lie where f is concave: the inequality holds, and would for every α.'];
    const who = outside.length === 1 ? `${outside[0]} lies` : 'Both points lie';
    return secant <= curve ? ['luck', `${who} where f is not concave, so the argument does not apply. The inequality holds here all the same; nothing promised it.`]
      : ['fails', `${who} where f is not concave, and the inequality fails.`];
  }

  function build() {
    const { mean, secant, curve } = sides();
    const xs = Array.from({ length: 241 }, (_, i) => LEAST - EDGE + i * (MOST - LEAST + 2 * EDGE) / 240);
    const point = (x, y, name, shade, symbol, place) => ({ type: 'scatter', mode: 'markers+text', x: [x], y: [y], text: [name], textposition: place, marker: { size: 13, color: shade, symbol }, showlegend: false, hovertemplate: '%{x:.2f}, %{y:.4f}<extra></extra>' });
    const line = (x, y, name, shade, dash) => ({ type: 'scatter', mode: 'lines', x, y, name, line: { color: shade, width: 2.5, dash }, hoverinfo: 'skip' });
    return {
      traces: [
        line(xs, xs.map(f), 'f', color('--elbo')),
        line([state.first, state.second], [f(state.first), f(state.second)], 'secant', color('--kl'), 'dash'),
        line([mean, mean], [secant, curve], 'f(E[v]) − E[f(v)]', color('--quiet'), 'dot'),
        point(state.first, f(state.first), 'v₁', color('--ink'), 'circle', 'top left'), point(state.second, f(state.second), 'v₂', color('--ink'), 'circle', 'top right'),
        point(mean, secant, 'E[f(v)]', color('--kl'), 'square', 'bottom center'), point(mean, curve, 'f(E[v])', color('--elbo'), 'diamond', 'top center'),
      ],
      layout: {
        dragmode: false, xaxis: { range: [LEAST - EDGE, MOST + EDGE], fixedrange: true, title: { text: 'x' } }, yaxis: { range: [-0.12, 1.22], fixedrange: true },
        shapes: [{ type: 'rect', layer: 'below', xref: 'x', yref: 'paper', x0: 2 - radius, x1: 2 + radius, y0: 0, y1: 1, fillcolor: series(2), opacity: 0.14, line: { width: 0 } }],
        annotations: [{ x: 2, y: 0.02, yref: 'paper', text: 'f concave', showarrow: false, font: { color: color('--ink') } }],
      },
    };
  }

  function show() {
    const all = sides(), [code, words] = verdict(all);
    for (const name of names) {
      find(`jensen-${name}`).value = String(state[name]);
      fill(`jensen-${name}-value`, format.number(state[name], 2));
    }
    fill('jensen-sides', `α f(v₁) + (1 − α) f(v₂) = ${format.number(all.secant, 4)} ${all.secant <= all.curve ? '≤' : '>'} ${format.number(all.curve, 4)} = f(${format.number(all.mean, 4)}) = f(α v₁ + (1 − α) v₂)`);
    fill('jensen-verdict', words).dataset.verdict = code;
    redraw('jensen-chart');
  }

  for (const name of names) find(`jensen-${name}`).addEventListener('input', event => {
    state[name] = Number(event.target.value);
    show();
  });
  fill('jensen-examples', examples.map(([label, numbers]) => el('button', { type: 'button', onclick: () => show(Object.assign(state, numbers)) }, label)));
  const host = chart('jensen-chart', 'The curve f, its secant between v₁ and v₂, and the part where f is concave. The numbers stand above.', build);

  // The nearer of the two points follows the pointer.
  let held = null;
  const place = event => host._fullLayout.xaxis.p2d(event.clientX - host.getBoundingClientRect().left - host._fullLayout._size.l);
  host.addEventListener('pointerdown', event => {
    const x = place(event), near = Math.abs(x - state.first) <= Math.abs(x - state.second) ? 'first' : 'second';
    held = Math.abs(x - state[near]) <= REACH ? near : null;
    if (held) host.setPointerCapture(event.pointerId);
  });
  host.addEventListener('pointermove', event => {
    if (!held) return;
    state[held] = Math.round(100 * Math.min(Math.max(place(event), LEAST), MOST)) / 100;
    show();
  });
  for (const end of ['pointerup', 'pointercancel']) host.addEventListener(end, () => { held = null; });
  show();
})();
