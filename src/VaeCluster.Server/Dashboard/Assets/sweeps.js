// All sweeps, newest first, kept up to date.
import { h, replace } from './dom.js';
import { get, path, poll } from './api.js';
import { number, when } from './format.js';
import { stateOf } from './state.js';

export const ended = sweep => sweep.finished + sweep.stoppedEarly + sweep.failed;

export function trialsOf(sweep) {
  return h('div', { class: 'progress' },
    h('progress', { value: sweep.totalTrials ? ended(sweep) / sweep.totalTrials : 0, max: 1, 'aria-label': `${sweep.name}: ${ended(sweep)} of ${sweep.totalTrials} trials have ended` }),
    h('small', {}, `${ended(sweep)} of ${sweep.totalTrials} trials${sweep.running ? `, ${sweep.running} train` : ''}`));
}

export const settingOf = trial => Object.entries(trial.parameters).map(([name, value]) => `${name.split('.').pop()} ${value}`).join(', ') || 'as in the base';

export function sweepsPage(session) {
  const body = h('tbody'), empty = h('p', { class: 'hint' }, 'Loading…');
  const table = h('table', { class: 'plain', hidden: true },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Sweep'), h('th', { scope: 'col' }, 'State'), h('th', { scope: 'col' }, 'Progress'),
      h('th', { scope: 'col', class: 'wide-only' }, 'Best so far'), h('th', { scope: 'col', class: 'number' }, 'ELBO'), h('th', { scope: 'col', class: 'wide-only' }, 'Submitted'))), body);
  let shown = '';
  return {
    title: 'Sweeps',
    element: h('div', {},
      h('div', { class: 'head' }, h('h1', {}, 'Sweeps'), h('div', { class: 'buttons' }, session.role === 'operator' ? h('a', { class: 'button', href: '#/start/sweep' }, 'Start a sweep') : null)),
      h('div', { class: 'panel' }, empty, h('div', { class: 'scroll' }, table))),
    end: poll(2, async signal => {
      const { sweeps } = await get(`${path('sweeps')}?limit=100`, signal);
      const now = JSON.stringify(sweeps);
      if (now === shown) return;
      shown = now;
      table.hidden = sweeps.length === 0;
      replace(empty, ...(sweeps.length ? [] : ['No sweeps yet. ', session.role === 'operator' ? h('a', { href: '#/start/sweep' }, 'Start one') : null]));
      empty.hidden = sweeps.length > 0;
      const focused = document.activeElement?.getAttribute('href');
      replace(body, ...sweeps.map(sweep => h('tr', {},
        h('th', { scope: 'row' }, h('a', { href: `#/sweeps/${encodeURIComponent(sweep.id)}` }, sweep.name), ' ', h('span', { class: 'id wide-only' }, sweep.id)),
        h('td', {}, stateOf(sweep)), h('td', {}, trialsOf(sweep)), h('td', { class: 'wide-only' }, sweep.best ? settingOf(sweep.best) : '–'),
        h('td', { class: 'number' }, number(sweep.best?.scores.elbo ?? NaN)), h('td', { class: 'wide-only' }, when(sweep.submitted)))));
      if (focused) body.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }),
  };
}
