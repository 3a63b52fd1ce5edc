// What the figures share: the command that made them, and a way to step through half-steps.
const Explain = (() => {
  const { data, el, find, fill } = Elbo;
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const PAUSE = 1000;

  for (const code of document.querySelectorAll('.command')) fill(code, data.command);
  for (const code of document.querySelectorAll('.still')) fill(code, `${data.command} --svg DIR`);

  /** Buttons, slider, arrow keys and a clock over the steps 0 … count − 1. Calls show(step, close) for each; close asks for the step's own scale. */
  function stepper(id, count, show) {
    let at = 0, clock = null;
    const button = (name, label, onclick) => el('button', { type: 'button', id: `${id}-${name}`, onclick }, label);
    const back = button('back', 'Back', () => go(at - 1)), forward = button('forward', 'Forward', () => go(at + 1));
    const play = button('play', 'Play', () => clock === null ? begin() : stop());
    const slider = el('input', { type: 'range', id: `${id}-step`, min: 0, max: count - 1, step: 1, 'aria-label': 'Half-step', oninput: () => go(Number(slider.value)) });
    const place = el('output', { for: `${id}-step`, id: `${id}-place` });
    const close = el('input', { type: 'checkbox', id: `${id}-close`, onchange: () => go(at) });
    fill(`${id}-controls`, back, forward, play, slider, place, el('span', { class: 'control' }, close, el('label', { for: `${id}-close` }, 'Close-up of this step')));

    function go(step) {
      at = Math.min(Math.max(step, 0), count - 1);
      slider.value = String(at);
      back.disabled = at === 0;
      forward.disabled = at === count - 1;
      // A disabled button would swallow the arrow keys.
      if (document.activeElement?.disabled) slider.focus();
      fill(place, `${at + 1} of ${count}`);
      show(at, close.checked);
      if (at === count - 1) stop();
    }
    function begin() {
      if (at === count - 1) go(0);
      fill(play, 'Pause');
      clock = setInterval(() => go(at + 1), PAUSE);
    }
    function stop() {
      clearInterval(clock);
      clock = null;
      fill(play, 'Play');
    }
    // Who asks for less motion steps at their own pace.
    function settle() {
      play.hidden = calm.matches;
      if (calm.matches) stop();
    }
    calm.addEventListener('change', settle);
    find(id).addEventListener('keydown', event => {
      if (event.target.tagName === 'INPUT' || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'ArrowRight') go(at + 1);
      else if (event.key === 'ArrowLeft') go(at - 1);
      else return;
      event.preventDefault();
    });
    settle();
    go(0);
  }

  /** From the least to the greatest number, with some room on both sides. */
  function span(numbers, room = 0.06) {
    const low = Math.min(...numbers), high = Math.max(...numbers), margin = room * (high - low || 1);
    return [low - margin, high + margin];
  }

  return { stepper, span };
})();
