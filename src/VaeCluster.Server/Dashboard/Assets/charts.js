// Charts, without a library: lines through the server's thinned points, bars, and a timeline of phases.
import { h, s, replace } from './dom.js';
import { number, tick, ticks, count } from './format.js';

const MARGIN = { top: 10, right: 14, bottom: 24, left: 52 };

// A chart redraws itself when its width changes, and shows the values at the pointer or chosen with the arrow keys.
export class LineChart {
  constructor(title, unit, { digits = 2, height = 190 } = {}) {
    Object.assign(this, { title, unit, digits, height, series: [], at: null, whole: false, width: 0 });
    this.readout = h('output', { class: 'readout' });
    this.range = h('button', { type: 'button', class: 'quiet', 'aria-pressed': 'false', onclick: () => this.toggle() }, 'whole range');
    this.svg = s('svg', { class: 'chart', height, role: 'img', tabindex: 0, 'aria-label': `${title}: nothing yet` });
    this.legend = h('div', { class: 'legend' });
    this.element = h('figure', { class: 'panel' },
      h('figcaption', {}, h('h2', {}, title, ' ', h('small', {}, unit)), this.range), this.legend, this.svg, this.readout);
    this.observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width !== this.width) { this.width = width; this.draw(); }
    });
    this.observer.observe(this.svg.parentNode);
    this.svg.addEventListener('pointermove', event => this.point(event));
    this.svg.addEventListener('pointerleave', () => { this.at = null; this.mark(); });
    this.svg.addEventListener('keydown', event => this.move(event));
    this.svg.addEventListener('blur', () => { this.at = null; this.mark(); });
  }

  // series: { name, color, points: [[x, y]…], dots?, smooth? }
  set(series) {
    this.series = series.filter(one => one.points.length > 0);
    replace(this.legend, ...(this.series.length > 1 ? this.series.map(one => h('span', { class: `key ${one.color}` }, one.name)) : []));
    this.draw();
  }

  toggle() {
    this.whole = !this.whole;
    this.range.setAttribute('aria-pressed', String(this.whole));
    this.draw();
  }

  draw() {
    if (!this.width) return;
    const inner = this.width - 2 * 14;
    this.svg.setAttribute('viewBox', `0 0 ${inner} ${this.height}`);
    this.svg.setAttribute('width', inner);
    this.inner = inner;
    const points = this.series.flatMap(one => one.points);
    if (points.length === 0) {
      this.svg.setAttribute('aria-label', `${this.title}: nothing yet`);
      replace(this.svg, s('text', { class: 'empty', x: inner / 2, y: this.height / 2, 'text-anchor': 'middle' }, 'nothing yet'));
      this.range.hidden = true;
      return;
    }

    this.scale(points);
    const parts = [s('g', { class: 'grid', 'aria-hidden': 'true' }, ...this.axes())];
    const clip = `clip-${this.title.replace(/\W+/g, '-')}`;
    parts.push(s('clipPath', { id: clip }, s('rect', {
      x: MARGIN.left, y: MARGIN.top - 2, width: Math.max(1, inner - MARGIN.left - MARGIN.right), height: this.height - MARGIN.top - MARGIN.bottom + 4 })));
    const lines = s('g', { 'clip-path': `url(#${clip})` });
    for (const one of this.series) {
      if (one.dots) lines.append(s('path', { class: `line ${one.color}`, d: this.line(one.points) }), ...one.points.map(([x, y]) => s('circle', { class: `dot ${one.color}`, cx: this.x(x), cy: this.y(y), r: 2.6 })));
      else {
        const smooth = one.points.length > 60;
        lines.append(s('path', { class: `line ${one.color}${smooth ? ' raw' : ''}`, d: this.line(one.points) }));
        if (smooth) lines.append(s('path', { class: `line ${one.color}`, d: this.line(smoothed(one.points)) }));
      }
    }
    this.cursor = s('g', { class: 'cursor' });
    parts.push(lines, this.cursor);
    replace(this.svg, parts);
    const last = this.series.map(one => `${one.name} ${number(one.points.at(-1)[1], this.digits)}`).join(', ');
    this.svg.setAttribute('aria-label', `${this.title}: ${last} ${this.unit} at step ${count(points.at(-1)[0])}. Arrow keys show values.`);
    this.mark();
  }

  // The first steps of a run are far from the rest, so they do not set the scale unless the whole range is wanted.
  scale(points) {
    let low = Infinity, high = -Infinity, left = Infinity, right = -Infinity;
    for (const [x, y] of points) { low = Math.min(low, y); high = Math.max(high, y); left = Math.min(left, x); right = Math.max(right, x); }
    const later = points.filter(([x]) => x >= left + (right - left) * 0.04).map(([, y]) => y).sort((a, b) => a - b);
    let lowShown = low, highShown = high;
    if (later.length > 20) { lowShown = later[Math.floor(later.length * 0.01)]; highShown = later[Math.ceil(later.length * 0.99) - 1]; }
    const pad = (highShown - lowShown) * 0.1;
    lowShown = Math.max(low, lowShown - pad); highShown = Math.min(high, highShown + pad);
    this.range.hidden = !(high - low > (highShown - lowShown) * 1.3) && !this.whole;
    if (this.whole) { lowShown = low; highShown = high; }
    if (!(highShown > lowShown)) { const around = Math.abs(lowShown) * 0.05 || 1; lowShown -= around; highShown += around; }
    const width = Math.max(10, this.inner - MARGIN.left - MARGIN.right), height = this.height - MARGIN.top - MARGIN.bottom;
    this.x = value => +(MARGIN.left + (right > left ? (value - left) / (right - left) : 0.5) * width).toFixed(1);
    this.y = value => +(MARGIN.top + (highShown - value) / (highShown - lowShown) * height).toFixed(1);
    this.domain = { left, right, low: lowShown, high: highShown };
  }

  axes() {
    const { left, right, low, high } = this.domain, parts = [];
    for (const value of ticks(low, high, 4)) {
      const y = this.y(value);
      parts.push(s('line', { x1: MARGIN.left, x2: this.inner - MARGIN.right, y1: y, y2: y }), s('text', { x: MARGIN.left - 7, y: y + 4, 'text-anchor': 'end' }, tick(value)));
    }
    for (const value of ticks(left, right, Math.max(2, Math.floor(this.inner / 75)))) {
      const x = this.x(value);
      parts.push(s('text', { x, y: this.height - 6, 'text-anchor': x > this.inner - 40 ? 'end' : x < MARGIN.left + 12 ? 'start' : 'middle' }, tick(value)));
    }
    return parts;
  }

  line(points) {
    return points.map(([x, y], i) => `${i ? 'L' : 'M'}${this.x(x)} ${this.y(y)}`).join('');
  }

  point(event) {
    if (!this.domain) return;
    const box = this.svg.getBoundingClientRect();
    const share = (event.clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right);
    this.at = this.domain.left + Math.min(1, Math.max(0, share)) * (this.domain.right - this.domain.left);
    this.mark();
  }

  move(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!way || !this.domain) return;
    event.preventDefault();
    const { left, right } = this.domain;
    this.at = Math.min(right, Math.max(left, (this.at ?? right) + way * (right - left) / 40));
    this.mark();
  }

  mark() {
    if (!this.cursor || !this.domain) return;
    if (this.at === null || this.series.length === 0) {
      replace(this.cursor);
      this.readout.textContent = this.series.map(one => `${this.series.length > 1 ? one.name + ' ' : ''}${number(one.points.at(-1)[1], this.digits)}`).join('   ');
      return;
    }
    const near = this.series.map(one => one.points.reduce((best, point) => Math.abs(point[0] - this.at) < Math.abs(best[0] - this.at) ? point : best));
    const x = this.x(near[0][0]);
    replace(this.cursor, s('line', { x1: x, x2: x, y1: MARGIN.top, y2: this.height - MARGIN.bottom }),
      ...near.map(([px, py], i) => s('circle', { class: `dot ${this.series[i].color}`, cx: this.x(px), cy: this.y(py), r: 3.5 })));
    this.readout.textContent = `step ${count(near[0][0])}   ` + near.map(([, py], i) => `${this.series.length > 1 ? this.series[i].name + ' ' : ''}${number(py, this.digits)}`).join('   ');
  }

  end() { this.observer.disconnect(); }
}

// Averages alternating lows and highs.
function smoothed(points) {
  const reach = Math.max(2, Math.round(points.length / 50)), middle = [];
  let sum = 0, from = 0, to = 0;
  for (let i = 0; i < points.length; i++) {
    while (to < points.length && to <= i + reach) sum += points[to++][1];
    while (from < i - reach) sum -= points[from++][1];
    middle.push([points[i][0], sum / (to - from)]);
  }
  return middle;
}

// The KL of each latent dimension, highest first: those that carry information come to the left.
export class KlBars {
  constructor() {
    this.list = h('ol', { class: 'bars' });
    this.summary = h('p', { class: 'hint' });
    this.element = h('figure', { class: 'panel' }, h('figcaption', {}, h('h2', {}, 'KL of each latent ', h('small', {}, 'nats'))), this.list, this.summary);
  }

  set(kl, what) {
    const order = kl.map((value, dimension) => ({ value: value ?? 0, dimension })).sort((a, b) => b.value - a.value);
    const most = Math.max(1e-9, order[0]?.value ?? 0), shown = order.slice(0, 24);
    replace(this.list, ...shown.map(({ value, dimension }) => {
      const bar = h('span', { class: 'bar' });
      bar.style.inlineSize = `${Math.max(0.5, 100 * value / most)}%`;
      return h('li', {}, h('span', { class: 'name' }, `z${dimension}`), h('span', { class: 'track' }, bar), h('span', { class: 'value' }, number(value)));
    }));
    const active = order.filter(({ value }) => value > 0.01).length;
    this.summary.textContent = kl.length === 0 ? 'nothing yet' : `${active} of ${kl.length} above 0.01 nats${shown.length < kl.length ? `, the first ${shown.length} shown` : ''}${what ? `; ${what}` : ''}`;
  }

  end() {}
}

// What each worker did in the last steps. A worker whose bars are long while the others wait is slowing the run down.
export class Timeline {
  constructor() {
    this.svg = s('svg', { class: 'timeline', role: 'img', 'aria-label': 'Timeline of workers: nothing yet' });
    this.table = h('table', { class: 'plain' });
    this.note = h('p', { class: 'hint' });
    const phases = ['data', 'compute', 'push', 'reduce', 'pull'];
    this.element = h('figure', { class: 'panel wide' },
      h('figcaption', {}, h('h2', {}, 'Workers ', h('small', {}, 'last steps, by phase'))),
      h('div', { class: 'legend' }, phases.map(phase => h('span', { class: `key phase-${phase}` }, phase))),
      this.svg, this.note, h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Means of the phases' }, this.table));
    this.width = 0;
    this.observer = new ResizeObserver(([entry]) => { this.width = Math.floor(entry.contentRect.width) - 28; this.draw(); });
    this.observer.observe(this.element);
  }

  set(answer, milliseconds) {
    this.answer = answer;
    this.milliseconds = milliseconds;
    this.draw();
  }

  draw() {
    const answer = this.answer;
    if (!answer || this.width < 50) return;
    const { workers, spans } = answer;
    if (spans.length === 0) {
      replace(this.svg);
      this.svg.setAttribute('height', 0);
      this.svg.setAttribute('aria-label', 'no steps in progress');
      this.note.textContent = 'No worker is computing for this run at the moment.';
      replace(this.table);
      return;
    }

    const rows = [...workers.map(worker => worker.name), null], height = 22, left = Math.min(150, this.width * 0.28), right = this.width - 6;
    const begin = Math.max(...spans.map(span => span.age)), end = Math.min(...spans.map(span => span.age - span.seconds)), whole = Math.max(1e-9, begin - end);
    const x = age => left + (begin - age) / whole * (right - left);
    const parts = rows.map((name, i) => {
      const slow = workers.find(worker => worker.name === name)?.isStraggler;
      return s('text', { class: slow ? 'slow' : null, x: 0, y: i * height + 15 }, shortened(name ?? 'ranges', left / 7.4), s('title', {}, name ?? 'ranges'));
    });
    for (const span of spans) {
      const row = rows.indexOf(span.worker ?? null);
      if (row < 0) continue;
      parts.push(s('rect', {
        class: `phase-${span.phase}`, x: x(span.age).toFixed(1), y: row * height + 3, height: height - 7, width: Math.max(0.6, span.seconds / whole * (right - left)).toFixed(1),
      }, s('title', {}, `step ${span.step}, ${span.phase}: ${this.milliseconds(span.seconds)}`)));
    }
    const steps = new Set(spans.map(span => span.step)).size;
    this.svg.setAttribute('height', rows.length * height + 4);
    this.svg.setAttribute('width', this.width);
    this.svg.setAttribute('viewBox', `0 0 ${this.width} ${rows.length * height + 4}`);
    const slow = workers.filter(worker => worker.isStraggler).map(worker => worker.name);
    const summary = `${steps} steps in ${this.milliseconds(whole)}; ${slow.length ? `${slow.join(', ')} ${slow.length > 1 ? 'hold' : 'holds'} the others up` : 'nobody holds the others up'}.`;
    this.svg.setAttribute('aria-label', `Timeline of ${workers.length} workers: ${summary}`);
    this.note.textContent = summary;
    replace(this.svg, parts);
    replace(this.table,
      h('thead', {}, h('tr', {}, ['worker', 'data', 'compute', 'push', 'wait', 'note'].map(title => h('th', { scope: 'col' }, title)))),
      h('tbody', {}, workers.map(worker => h('tr', {}, h('th', { scope: 'row' }, worker.name),
        [worker.data, worker.compute, worker.push, worker.wait].map(seconds => h('td', {}, this.milliseconds(seconds))),
        h('td', {}, worker.isStraggler ? h('strong', { class: 'slow' }, 'straggler') : '')))));
  }

  end() { this.observer.disconnect(); }
}

function shortened(text, letters) {
  return text.length <= letters ? text : '…' + text.slice(-Math.max(3, Math.floor(letters) - 1));
}
