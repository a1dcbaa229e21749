// The form that submits a run file or sweep file, typed in or taken from an example.
import { h } from './dom.js';
import { post, path, Problem } from './api.js';

const EXAMPLES = {
  'Sprites, nothing to download': `name: sprites
data:       { dataset: dsprites, strides: { shape: 3, orientation: 40 }, validation: 0.1 }
model:      { architecture: mlp, hidden: [256, 128], activation: relu, decoderActivation: tanh, latent: 5, likelihood: bernoulli }
objective:  { kind: beta-vae, beta: 12.0 }
training:   { epochs: 36, batch: 64, shards: 4, optimizer: adam, learningRate: 0.001, seed: 1 }
checkpoint: { everySteps: 500, keep: 3 }
evaluation: { everyEpochs: 3 }
`,
  'MNIST, in the server’s data folder': `name: mnist-vae
data:       { dataset: mnist, path: mnist, binarize: none, validation: 0 }
model:      { architecture: mlp, hidden: [400], activation: relu, latent: 20, likelihood: bernoulli }
objective:  { kind: vae, beta: 1.0 }
training:   { epochs: 10, batch: 128, shards: 4, optimizer: adam, learningRate: 0.001, seed: 1 }
checkpoint: { everySteps: 500, keep: 3 }
`,
};

const SWEEPS = {
  'β against latent size, on sprites': `name: beta-latent
base:
  data:       { dataset: dsprites, strides: { shape: 3, orientation: 40 }, validation: 0.1 }
  model:      { architecture: mlp, hidden: [256, 128], activation: relu, decoderActivation: tanh, likelihood: bernoulli }
  objective:  { kind: beta-vae }
  training:   { epochs: 12, batch: 64, shards: 4, optimizer: adam, learningRate: 0.001, seed: 1 }
  checkpoint: { everySteps: 500, keep: 1 }
  evaluation: { everyEpochs: 2 }
space:
  objective.beta: [1, 4, 12]
  model.latent: [3, 5]
search: { kind: grid }
objective: elbo
parallel: 2
`,
};

export function startPage(session, kind) {
  const isSweep = kind === 'sweep', examples = isSweep ? SWEEPS : EXAMPLES;
  const text = h('textarea', { id: 'runfile', rows: 16, spellcheck: 'false', value: Object.values(examples)[0], 'aria-describedby': 'runfile-hint' });
  const choice = h('select', { id: 'example', onchange: () => { text.value = examples[choice.value]; } }, Object.keys(examples).map(name => h('option', { value: name }, name)));
  const overrides = h('textarea', { id: 'overrides', rows: 3, spellcheck: 'false', placeholder: 'objective.beta=2' });
  const workers = h('input', { id: 'workers', type: 'number', min: 1, max: 1024, placeholder: 'as many as fit' });
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const button = h('button', { class: 'main' }, 'Start');
  const form = h('form', {
    onsubmit: async event => {
      event.preventDefault();
      fault.hidden = true;
      button.disabled = true;
      try {
        const set = overrides.value.split('\n').map(line => line.trim()).filter(line => line);
        const begun = isSweep
          ? await post(path('sweeps'), { sweepFile: text.value, fileName: 'sweep.yaml', overrides: set })
          : await post(path('runs'), { runFile: text.value, fileName: 'run.yaml', workers: workers.value ? Number(workers.value) : null, overrides: set });
        location.hash = `#/${isSweep ? 'sweeps' : 'runs'}/${encodeURIComponent(begun.id)}`;
      } catch (problem) {
        fault.textContent = problem instanceof Problem ? problem.message : 'The server does not answer.';
        fault.hidden = false;
        button.disabled = false;
        fault.scrollIntoView({ block: 'nearest' });
      }
    },
  },
  h('div', { class: 'start' },
    h('div', { class: 'panel fields' },
      h('div', {}, h('label', { for: 'runfile' }, isSweep ? 'Sweep file' : 'Run file'), text, h('p', { class: 'hint', id: 'runfile-hint' }, 'YAML. A misspelt field gets a suggestion; a refused file leaves nothing behind.'))),
    h('div', { class: 'panel fields' },
      h('div', {}, h('label', { for: 'example' }, 'Begin with'), choice),
      h('div', {}, h('label', { for: 'overrides' }, 'Overrides, one a line'), overrides),
      isSweep ? null : h('div', {}, h('label', { for: 'workers' }, 'Workers'), workers, h('p', { class: 'hint' }, 'They do not change the weights.')),
      h('div', { class: 'buttons' }, button))));
  const title = isSweep ? 'Start a sweep' : 'Start a run', hasSweeps = !document.querySelector('[data-page=sweeps]').hidden;
  return {
    title,
    element: h('div', {}, h('div', { class: 'head' }, h('h1', {}, title), h('div', { class: 'buttons' },
      hasSweeps ? h('a', { class: 'button', href: isSweep ? '#/start' : '#/start/sweep' }, isSweep ? 'Start a run instead' : 'Start a sweep instead') : null)), fault, form),
  };
}
