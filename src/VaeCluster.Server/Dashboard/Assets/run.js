// One run: its state, curves, pictures and workers.
import { h, replace } from './dom.js';
import { get, path, watch, poll, latest, picture, Problem } from './api.js';
import { bytes, count, duration, milliseconds, number, when } from './format.js';
import { LineChart, KlBars, Timeline } from './charts.js';
import { actions, inProgress, progressOf, stateOf } from './state.js';
import { latents } from './latents.js';

export function runPage(session, id) {
  const address = path('runs', id);
  const head = h('div', { class: 'head' }), facts = h('dl', { class: 'facts' }), bar = h('div'), words = h('div');
  const charts = {
    elbo: new LineChart('ELBO', 'nats per example'),
    reconstruction: new LineChart('Reconstruction', 'nats'),
    kl: new LineChart('KL to the prior', 'nats'),
    norm: new LineChart('Gradient norm', 'mean gradient', { digits: 3 }),
    speed: new LineChart('Speed', 'samples a second', { digits: 0 }),
  };
  const bars = new KlBars(), timeline = new Timeline(), look = latents(id);
  const reconstructions = gallery('Reconstructions', 'inputs above, reconstructions below');
  const samples = gallery('Samples', 'decoded draws from the prior');
  const files = h('div', { class: 'panel wide' }), runFile = h('details', { class: 'panel wide', hidden: true }, h('summary', {}, 'Run file'), h('pre', { tabindex: 0 }));
  const element = h('div', {}, head, bar, facts, words,
    h('div', { class: 'tiles' }, charts.elbo.element, charts.reconstruction.element, charts.kl.element, bars.element, charts.norm.element, charts.speed.element),
    look.element, h('div', { class: 'tiles pair' }, reconstructions.element, samples.element), timeline.element, files, runFile);
  const ends = [];
  let run = null, curveStep = -1, pictureStep = -1, gone = false, drawn = '', checkpoints = '';

  const show = (next, values) => {
    const before = run?.state;
    run = next;
    document.title = `${run.name}: ${run.state} – VaeCluster`;
    const now = JSON.stringify([run.state, run.name]);
    if (now !== drawn) {
      drawn = now;
      replace(head, h('div', {}, h('h1', {}, run.name), h('span', { class: 'id' }, run.id)), stateOf(run),
        h('div', { class: 'buttons' },
          run.state === 'finished' ? h('a', { class: 'button', href: `${address}/report`, target: '_blank', rel: 'noopener' }, 'Report') : null,
          actions(session, run, refresh)));
    }
    replace(bar, progressOf(run));
    const left = run.beginning && values.samplesPerSecond > 0 && run.state === 'running' && rate ? (run.beginning.totalSteps - run.step) / rate : NaN;
    const fact = (name, value, unit) => h('div', {}, h('dt', {}, name), h('dd', {}, value, unit ? h('small', {}, ` ${unit}`) : null));
    replace(facts,
      fact('ELBO', number(values.elbo ?? NaN), 'nats'), fact('Reconstruction', number(values.reconstruction ?? NaN), 'nats'), fact('KL', number(values.kl ?? NaN), 'nats'),
      run.result?.test ? fact('Held out', number(run.result.test.elbo), `nats, ${run.result.test.activeUnits} active`) : null,
      fact('Speed', count(run.result?.samplesPerSecond ?? values.samplesPerSecond ?? NaN), 'samples/s'),
      run.from ? fact('Began with', h('a', { href: `#/runs/${run.from.run}` }, run.from.run), `step ${count(run.from.step)}`) : null,
      fact('Workers', run.workers, run.beginning ? `${run.beginning.threads} threads` : ''),
      run.state === 'running' ? fact('Left', duration(left)) : fact('Submitted', when(run.submitted).slice(5)));
    replace(words, run.error ? h('p', { class: 'fault', role: 'alert' }, run.error) : null,
      run.notes.length ? h('ul', { class: 'notes' }, run.notes.map(note => h('li', {}, note))) : null);
    if (before !== undefined && before !== run.state) { drawCurve(); drawPictures(); drawFiles(); }
  };

  // Steps per second, from the events received; the duration of a single step does not include the time between steps.
  let rate = 0, seen = null;
  const measure = next => {
    const now = performance.now() / 1000;
    if (seen && next.step > seen.step && now - seen.at > 0.5) {
      const fresh = (next.step - seen.step) / (now - seen.at);
      rate = rate ? rate * 0.7 + fresh * 0.3 : fresh;
      seen = { step: next.step, at: now };
    } else if (!seen || next.step < seen.step) { seen = { step: next.step, at: now }; rate = 0; }
  };

  const drawCurve = latest(async () => {
    const curve = await get(`${address}/curve?points=600`);
    curveStep = curve.step;
    const points = (of, name) => of[name] ?? [];
    charts.elbo.set([
      { name: 'training', color: 'one', points: points(curve.steps, 'elbo') },
      { name: 'validation', color: 'two', points: points(curve.validation, 'elbo'), dots: true },
      { name: 'test', color: 'three', points: points(curve.test, 'elbo'), dots: true },
    ]);
    for (const [name, chart] of [['reconstruction', charts.reconstruction], ['kl', charts.kl]]) {
      chart.set([
        { name: 'training', color: 'one', points: points(curve.steps, name) },
        { name: 'validation', color: 'two', points: points(curve.validation, name), dots: true },
        { name: 'test', color: 'three', points: points(curve.test, name), dots: true },
      ]);
    }
    charts.norm.set([{ name: 'norm', color: 'four', points: points(curve.steps, 'gradientNorm') }]);
    charts.speed.set([{ name: 'speed', color: 'three', points: points(curve.steps, 'samplesPerSecond') }]);
  });

  const drawPictures = latest(async () => {
    if (!await look.refresh()) { bars.set([], ''); return; }
    pictureStep = look.model.step;
    bars.set(look.model.klPerDimension, look.model.live ? `live, step ${count(look.model.step)}` : `checkpoint of step ${count(look.model.step)}`);
    const columns = Math.max(4, Math.min(10, Math.floor(reconstructions.width() / 62)));
    await reconstructions.draw(`${address}/reconstructions?columns=${columns}&rows=2`);
    await samples.draw(`${address}/samples?columns=${columns}&rows=4`);
  });

  const drawFiles = latest(async () => {
    const list = await get(`${address}/checkpoints`);
    const now = JSON.stringify(list);
    if (now === checkpoints) return;
    checkpoints = now;
    replace(files, h('div', { class: 'caption' }, h('h2', {}, 'Checkpoints')), list.length === 0 ? h('p', { class: 'hint' }, 'None yet.') : h('div', { class: 'scroll' }, h('table', { class: 'plain' },
      h('thead', {}, h('tr', {}, ['Step', 'Written', 'Files'].map(title => h('th', { scope: 'col' }, title)))),
      h('tbody', {}, list.map(one => h('tr', {}, h('th', { scope: 'row' }, count(one.step)), h('td', {}, when(one.written)),
        h('td', {}, Object.entries(one.files).sort().map(([name, size]) => [h('a', { href: `${path('runs', id, 'checkpoints', one.name, name)}`, download: `${one.name}-${name}` }, name), ` ${bytes(size)}  `]).flat())))))));
  });

  const refresh = async () => {
    try {
      const whole = await get(address);
      runFile.hidden = false;
      runFile.querySelector('pre').textContent = whole.runFile;
      show(whole, run ? values : {});
    } catch (fault) { if (fault instanceof Problem && fault.status === 404) missing(); }
  };

  let values = {};
  const missing = () => {
    if (gone) return;
    gone = true;
    replace(element, h('div', { class: 'head' }, h('h1', {}, 'There is no such run')), h('p', {}, h('a', { href: '#/runs' }, 'All runs')));
    ends.forEach(end => end());
  };

  refresh().then(() => { if (!gone) { drawCurve(); drawPictures(); drawFiles(); } });
  ends.push(watch(`${address}/watch?interval=1`, {
    run: event => { values = event.latest; measure(event.run); show(event.run, values); },
    gone: missing,
  }));
  ends.push(poll(2, async () => { if (run && (inProgress(run.state) || curveStep < 0) && run.step !== curveStep) drawCurve(); }));
  ends.push(poll(3, async () => { if (run && run.state === 'running' && run.step !== pictureStep) { drawPictures(); drawFiles(); } }));
  ends.push(poll(1, async signal => { if (run && (inProgress(run.state) || !timeline.answer)) timeline.set(await get(`${address}/workers`, signal), milliseconds); }));
  ends.push(look.end, () => Object.values(charts).forEach(chart => chart.end()), () => timeline.end());
  return { title: id, element, end: () => ends.forEach(end => end()) };
}

function gallery(title, text) {
  const image = h('img', { class: 'pixels', alt: `${title}: ${text}`, hidden: true }), note = h('p', { class: 'hint' }, 'nothing yet');
  let url = null;
  const element = h('figure', { class: 'panel gallery' }, h('figcaption', {}, h('h2', {}, title, ' ', h('small', {}, text))), image, note);
  return {
    element,
    width: () => element.clientWidth - 28,
    draw: async address => {
      const { blob, step, live } = await picture(address);
      const next = URL.createObjectURL(blob);
      image.src = next;
      image.hidden = false;
      if (url) URL.revokeObjectURL(url);
      url = next;
      note.textContent = `${live ? 'live' : 'checkpoint'}, step ${count(step)}`;
    },
  };
}
