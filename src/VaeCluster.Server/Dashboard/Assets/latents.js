// A position in the latent space and the image decoded there, updated as the sliders move. One request is under way at a time, and the newest position wins.
import { h, replace } from './dom.js';
import { get, path, latest, picture, Problem } from './api.js';
import { count, number } from './format.js';

const FEW = 10;

export function latents(id) {
  const address = path('runs', id);
  const image = h('img', { class: 'pixels decoded', alt: 'the image at this position', hidden: true }), note = h('p', { class: 'hint' }, 'nothing yet');
  const sliders = h('fieldset', { class: 'sliders' }), all = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => { showAll = !showAll; build(); } });
  const example = h('input', { id: 'example', type: 'number', min: 0, value: 0, 'aria-label': 'number of the example' });
  const controls = h('div', { class: 'inline', hidden: true },
    h('button', { type: 'button', onclick: () => move(z.map(() => 0)) }, 'Middle'),
    h('button', { type: 'button', onclick: () => move(z.map(normal)) }, 'Random'),
    h('button', { type: 'button', onclick: () => code() }, 'From example'), example);
  const fault = h('p', { class: 'hint', role: 'status' });
  const element = h('figure', { class: 'panel wide latents-panel' },
    h('figcaption', {}, h('h2', {}, 'Latent space ', h('small', {}, 'each slider is one dimension, most informative first')), all),
    h('div', { class: 'latents' }, h('div', { class: 'frame' }, image, note), h('div', {}, sliders, controls, fault)));
  const me = { element, model: null, refresh, end: () => { if (url) URL.revokeObjectURL(url); } };
  let z = [], order = [], url = null, showAll = false, inputs = [], drawnAt = '';

  const draw = latest(async position => {
    const { blob, step, live } = await picture(`${address}/decode?z=${position.map(value => +value.toFixed(3)).join(',')}`);
    const next = URL.createObjectURL(blob);
    image.src = next;
    image.hidden = false;
    if (url) URL.revokeObjectURL(url);
    url = next;
    note.textContent = `${live ? 'live' : 'checkpoint'}, step ${count(step)}`;
  });

  // Whether there is a model to show.
  async function refresh() {
    try {
      me.model = await get(`${address}/model`);
      me.model.live = me.model.isLive;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      note.textContent = problem.status === 409 ? 'Nothing yet: this run has not completed its first step.' : problem.message;
      return false;
    }

    const { latent, klPerDimension, examples, split, step } = me.model;
    if (z.length !== latent) {
      z = Array(latent).fill(0);
      order = klPerDimension.map((value, dimension) => [value ?? 0, dimension]).sort((a, b) => b[0] - a[0]).map(([, dimension]) => dimension);
      example.max = examples - 1;
      example.title = `0 to ${examples - 1} of the ${split} split`;
      build();
    }
    const now = `${step}`;
    if (now !== drawnAt) { drawnAt = now; draw(z); }
    return true;
  }

  function build() {
    const shown = showAll ? order : order.slice(0, FEW);
    all.hidden = order.length <= FEW;
    all.textContent = showAll ? `the first ${FEW}` : `all ${order.length}`;
    controls.hidden = false;
    inputs = shown.map(dimension => {
      const output = h('output', {}, number(z[dimension]));
      const input = h('input', {
        id: `z${dimension}`, type: 'range', min: -3, max: 3, step: 0.05, value: z[dimension], oninput: () => {
          z[dimension] = Number(input.value);
          output.textContent = number(z[dimension]);
          draw(z);
        },
      });
      return { dimension, input, output };
    });
    replace(sliders, h('legend', { class: 'hint' }, 'Position'), ...inputs.map(({ dimension, input, output }) => h('div', { class: 'slider' },
      h('label', { for: `z${dimension}` }, `z${dimension} `, h('small', {}, number(me.model.klPerDimension[dimension] ?? NaN))), input, output)));
  }

  function move(position) {
    z = position;
    for (const { dimension, input, output } of inputs) {
      input.value = z[dimension];
      output.textContent = number(z[dimension]);
    }
    fault.textContent = '';
    draw(z);
  }

  async function code() {
    try {
      move((await get(`${address}/code?example=${encodeURIComponent(example.value)}`)).mean);
    } catch (problem) { fault.textContent = problem.message; }
  }

  return me;
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
