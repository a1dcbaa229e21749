// One sweep: first the rate–distortion plane, which can be compared across β, then the map of settings, the curves and the trials.
import { h, s, replace } from './dom.js';
import { get, path, watch, poll, Problem } from './api.js';
import { count, number, tick, ticks, when } from './format.js';
import { actions, inProgress, stateOf } from './state.js';
import { ended, settingOf, trialsOf } from './sweeps.js';

const MARGIN = { top: 12, right: 18, bottom: 40, left: 62 };
const MOST_POINTS = 400, MOST_VALUES = 16;

export function sweepPage(session, id) {
  const address = path('sweeps', id);
  const head = h('div', { class: 'head' }), bar = h('div'), facts = h('dl', { class: 'facts' }), words = h('div');
  const plane = drawing('Rate and distortion', 'KL against reconstruction, nats; left and low is better'), curves = drawing('Trials', 'ELBO by step');
  const map = h('figure', { class: 'panel' }), table = h('div', { class: 'panel wide' });
  const file = h('details', { class: 'panel wide' }, h('summary', {}, 'Sweep file'), h('pre', { tabindex: 0 }));
  const element = h('div', {}, head, bar, facts, words, h('div', { class: 'tiles pair' }, plane.element, map, curves.element), table, file);
  const ends = [], lines = new Map();
  let sweep = null, drawn = '', score = null, seen = 0;

  const refresh = async signal => {
    try {
      const next = await get(address, signal);
      const now = JSON.stringify(next);
      if (now === drawn) return;
      drawn = now;
      sweep = next;
      show();
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.status !== 404) throw fault;
      replace(element, h('div', { class: 'head' }, h('h1', {}, 'There is no such sweep')), h('p', {}, h('a', { href: '#/sweeps' }, 'All sweeps')));
      ends.forEach(end => end());
    }
  };

  // The stream of the log ends with the sweep; a resumed sweep needs a new one.
  let stop = null;
  const follow = () => {
    if (stop) return;
    stop = watch(`${address}/events`, { score: onScore, end: line => { if (line.totalTrials !== undefined) { stop?.(); stop = null; followed = sweep?.state ?? ''; } } });
  };
  let followed = null;

  const show = () => {
    if (followed === null || (inProgress(sweep.state) && followed !== sweep.state)) follow();
    const trials = sweep.summary?.trials ?? [];
    document.title = `${sweep.name}: ${sweep.state} – VaeCluster`;
    const buttons = `${sweep.state}`;
    if (head.dataset.state !== buttons) {
      head.dataset.state = buttons;
      replace(head, h('div', {}, h('h1', {}, sweep.name), h('span', { class: 'id' }, sweep.id)), stateOf(sweep), h('div', { class: 'buttons' },
        ended(sweep) ? h('a', { class: 'button', href: `${address}/report`, target: '_blank', rel: 'noopener' }, 'Report') : null,
        actions(session, sweep, () => refresh(), 'sweeps', 'sweep')));
    }
    replace(bar, trialsOf(sweep));
    const fact = (name, value, unit) => h('div', {}, h('dt', {}, name), h('dd', {}, value, unit ? h('small', {}, ` ${unit}`) : null));
    const objective = sweep.summary?.objectives[0];
    replace(facts,
      sweep.best ? fact('Best so far', settingOf(sweep.best)) : null,
      ...(sweep.summary?.groups ?? []).filter(group => group.best !== null).map(group => fact(`Best of group ${group.name}`, `trial ${group.best}`, group.basis)),
      sweep.best && objective ? fact(objective.name, number(sweep.best.scores[objective.name] ?? NaN), objective.higherIsBetter ? 'higher is better' : 'lower is better') : null,
      fact('Side by side', sweep.parallel), fact('Stopped early', sweep.stoppedEarly), fact('Failed', sweep.failed), fact('Submitted', when(sweep.submitted).slice(5)));
    replace(words, sweep.error ? h('p', { class: 'fault', role: 'alert' }, sweep.error) : null,
      sweep.summary?.notComparable ? h('p', { class: 'hint' }, `No best of all: ${sweep.summary.notComparable}.`) : null,
      sweep.notes.length ? h('ul', { class: 'notes' }, sweep.notes.map(note => h('li', {}, note))) : null);
    file.querySelector('pre').textContent = sweep.sweepFile ?? '';
    plane.draw(width => drawPlane(width, trials, sweep));
    curves.draw(width => drawCurves(width, lines, trials));
    drawMap(trials);
    drawTable(trials);
  };

  const drawMap = trials => {
    const names = [...new Set(trials.flatMap(trial => Object.keys(trial.parameters)))];
    const valuesOf = name => [...new Set(trials.filter(trial => name in trial.parameters).map(trial => JSON.stringify(trial.parameters[name])))]
      .map(text => JSON.parse(text)).sort((a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));
    const axes = names.map(name => ({ name, values: valuesOf(name) })).filter(axis => axis.values.length > 0 && axis.values.length <= MOST_VALUES)
      .sort((a, b) => b.values.length - a.values.length).slice(0, 2);
    const scores = [...new Set(trials.flatMap(trial => Object.keys(trial.scores)))];
    if (axes.length === 0 || scores.length === 0) {
      replace(map, h('figcaption', {}, h('h2', {}, 'Settings')), h('p', { class: 'hint' }, 'nothing yet'));
      return;
    }
    score = scores.includes(score) ? score : scores.includes(sweep.summary.objectives[0]?.name) ? sweep.summary.objectives[0].name : scores[0];
    const [columns, rows = { name: null, values: [null] }] = axes;
    const mean = (row, column) => {
      const found = trials.filter(trial => trial.scores[score] !== undefined && trial.parameters[columns.name] === column && (row === null || trial.parameters[rows.name] === row)).map(trial => trial.scores[score]);
      return found.length ? found.reduce((a, b) => a + b) / found.length : NaN;
    };
    const cells = rows.values.map(row => columns.values.map(column => mean(row, column)));
    const known = cells.flat().filter(Number.isFinite), low = Math.min(...known), high = Math.max(...known);
    const choice = h('select', { id: 'score', 'aria-label': 'score of the map', onchange: () => { score = choice.value; drawMap(trials); } }, scores.map(name => h('option', { value: name, selected: name === score }, name)));
    replace(map, h('figcaption', {}, h('h2', {}, 'Settings ', h('small', {}, 'means over seeds')), choice),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Map of ${score}` }, h('table', { class: 'map' },
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, rows.name ? `${rows.name} \\ ${columns.name}` : columns.name), columns.values.map(value => h('th', { scope: 'col' }, value)))),
        h('tbody', {}, rows.values.map((row, i) => h('tr', {}, h('th', { scope: 'row' }, row ?? score), cells[i].map(value => {
          const cell = h('td', {}, number(value));
          if (Number.isFinite(value)) cell.style.background = `color-mix(in srgb, var(--one) ${Math.round(high > low ? 4 + 40 * (value - low) / (high - low) : 20)}%, var(--panel))`;
          return cell;
        })))))));
  };

  const drawTable = trials => {
    const front = new Set(sweep.summary?.front ?? []);
    const shown = ['elbo', 'reconstruction', 'kl', 'active-units'], extra = [...new Set(trials.flatMap(trial => Object.keys(trial.scores)))].filter(name => !shown.includes(name));
    const names = [...shown, ...extra];
    replace(table, h('div', { class: 'caption' }, h('h2', {}, 'Trials')), trials.length === 0 ? h('p', { class: 'hint' }, 'none yet') : h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Trials' }, h('table', { class: 'plain' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'number' }, '#'), h('th', { scope: 'col' }, 'Setting'), h('th', { scope: 'col', class: 'number' }, 'Seed'), h('th', { scope: 'col' }, 'State'),
        h('th', { scope: 'col', class: 'number' }, 'Steps'), names.map(name => h('th', { scope: 'col', class: 'number' }, name)))),
      h('tbody', {}, trials.map(trial => h('tr', { class: isBest(sweep, trial) ? 'best' : null },
        h('td', { class: 'number' }, trial.index), h('th', { scope: 'row' }, settingOf(trial), isBest(sweep, trial) ? h('small', { class: 'mark' }, ' best') : front.has(trial.index) ? h('small', { class: 'mark' }, ' front') : null),
        h('td', { class: 'number' }, trial.seed), h('td', { title: trial.stopReason ?? trial.error ?? null }, h('span', { class: `state ${trial.status}` }, trial.status === 'stoppedEarly' ? 'stopped early' : trial.status)),
        h('td', { class: 'number' }, trial.totalSteps ? `${count(trial.steps)} / ${count(trial.totalSteps)}` : '–'), names.map(name => h('td', { class: 'number' }, number(trial.scores[name] ?? NaN)))))))));
  };

  // Handle each line of the log once, however often the stream reconnects.
  const onScore = (line, position) => {
    if (position && position <= seen) return;
    seen = position || seen;
    const points = lines.get(line.trial) ?? [];
    points.push([line.step, line.scores?.elbo]);
    if (points.length > MOST_POINTS) points.splice(1, 1);
    lines.set(line.trial, points);
    curves.draw(width => drawCurves(width, lines, sweep?.summary?.trials ?? []));
  };

  refresh();
  ends.push(poll(2, refresh));
  ends.push(plane.end, curves.end, () => stop?.());
  return { title: id, element, end: () => ends.forEach(end => end()) };
}

function drawing(title, text) {
  const svg = s('svg', { class: 'chart', role: 'img', 'aria-label': `${title}: nothing yet` }), legend = h('div', { class: 'legend' });
  const element = h('figure', { class: 'panel' }, h('figcaption', {}, h('h2', {}, title, ' ', h('small', {}, text))), legend, svg);
  let width = 0, make = null;
  const redraw = () => {
    if (!make || width < 60) return;
    const { height, parts, label, keys } = make(width);
    svg.setAttribute('width', width);
    svg.setAttribute('height', height);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('aria-label', `${title}: ${label}`);
    replace(svg, parts);
    replace(legend, ...(keys ?? []));
  };
  const observer = new ResizeObserver(([entry]) => { width = Math.floor(entry.contentRect.width); redraw(); });
  observer.observe(element);
  return { element, draw: next => { make = next; redraw(); }, end: () => observer.disconnect() };
}

function scales(points, width, height) {
  const range = index => {
    const values = points.map(point => point[index]);
    let low = Math.min(...values), high = Math.max(...values);
    const pad = (high - low) * 0.07 || Math.abs(low) * 0.05 || 1;
    return [low - pad, high + pad];
  };
  const [left, right] = range(0), [low, high] = range(1);
  return {
    left, right, low, high,
    x: value => +(MARGIN.left + (value - left) / (right - left) * (width - MARGIN.left - MARGIN.right)).toFixed(1),
    y: value => +(MARGIN.top + (high - value) / (high - low) * (height - MARGIN.top - MARGIN.bottom)).toFixed(1),
  };
}

function axes(scale, width, height, nameX, nameY) {
  const { left, right, low, high, x, y } = scale;
  return s('g', { class: 'grid', 'aria-hidden': 'true' },
    ticks(low, high, 5).map(value => [s('line', { x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }), s('text', { x: MARGIN.left - 7, y: y(value) + 4, 'text-anchor': 'end' }, tick(value))]).flat(),
    ticks(left, right, Math.floor(width / 90)).map(value => s('text', { x: x(value), y: height - 22, 'text-anchor': 'middle' }, tick(value))),
    s('text', { x: (MARGIN.left + width - MARGIN.right) / 2, y: height - 5, 'text-anchor': 'middle' }, nameX),
    s('text', { transform: `translate(13 ${(MARGIN.top + height - MARGIN.bottom) / 2}) rotate(-90)`, 'text-anchor': 'middle' }, nameY));
}

const empty = (width, height, label) => ({ height, label, parts: [s('text', { class: 'empty', x: width / 2, y: height / 2, 'text-anchor': 'middle' }, label)] });

// The first parameter with several values colours the points, from light to dark.
function shade(trials) {
  const name = [...new Set(trials.flatMap(trial => Object.keys(trial.parameters)))].find(one => new Set(trials.map(trial => JSON.stringify(trial.parameters[one]))).size > 1);
  if (!name) return { name: null, of: () => 4, values: [] };
  const values = [...new Set(trials.map(trial => trial.parameters[name]))].sort((a, b) => typeof a === 'number' ? a - b : String(a).localeCompare(String(b)));
  const level = value => values.length === 1 ? 4 : Math.round(4 * values.indexOf(value) / (values.length - 1));
  return { name, values, level, of: trial => level(trial.parameters[name]) };
}

// Where not all trials compare, each group has a best of its own.
const isBest = (sweep, trial) => trial.index === sweep.summary.best || (sweep.summary.groups ?? []).some(group => group.best === trial.index);

function drawPlane(width, trials, sweep) {
  const height = 330, known = trials.filter(trial => Number.isFinite(trial.scores.kl) && Number.isFinite(trial.scores.reconstruction));
  if (known.length === 0) return empty(width, height, 'nothing yet');
  const points = known.map(trial => [trial.scores.kl, trial.scores.reconstruction]), scale = scales(points, width, height), colour = shade(trials);
  const front = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]).filter((point, i, all) => all.slice(0, i).every(other => other[1] > point[1]));
  return {
    height, label: `${known.length} trials, ${front.length} on the front`,
    keys: colour.name ? [h('span', {}, colour.name), ...colour.values.slice(0, 8).map(value => h('span', { class: `key shade${colour.level(value)}` }, value)), h('span', { class: 'key front' }, 'front')] : [],
    parts: [axes(scale, width, height, 'KL (rate)', 'reconstruction (distortion)'),
      s('path', { class: 'front', d: front.map(([x, y], i) => `${i ? 'L' : 'M'}${scale.x(x)} ${scale.y(y)}`).join('') }),
      ...known.map((trial, i) => s('circle', {
        class: `trial shade${colour.of(trial)}${isBest(sweep, trial) ? ' best' : ''}${trial.status === 'running' ? ' open' : ''}`, cx: scale.x(points[i][0]), cy: scale.y(points[i][1]), r: isBest(sweep, trial) ? 7 : 5,
      }, s('title', {}, `#${trial.index} ${settingOf(trial)}, seed ${trial.seed}: KL ${number(points[i][0])}, reconstruction ${number(points[i][1])}`)))],
  };
}

function drawCurves(width, lines, trials) {
  const height = 330, known = [...lines].map(([index, points]) => [index, points.filter(point => Number.isFinite(point[1]))]).filter(([, points]) => points.length > 0);
  if (known.length === 0) return empty(width, height, 'nothing yet');
  const scale = scales(known.flatMap(([, points]) => points), width, height), colour = shade(trials);
  return {
    height, label: `${known.length} trials`,
    parts: [axes(scale, width, height, 'step', 'ELBO'), ...known.map(([index, points]) => {
      const trial = trials.find(one => one.index === index);
      return s('path', { class: `line shade${trial ? colour.of(trial) : 4}`, d: points.map(([x, y], i) => `${i ? 'L' : 'M'}${scale.x(x)} ${scale.y(y)}`).join('') },
        s('title', {}, trial ? `#${index} ${settingOf(trial)}` : `#${index}`));
    })],
  };
}
