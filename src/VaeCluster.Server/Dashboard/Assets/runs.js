// All runs, newest first, kept up to date.
import { h, replace, notice } from './dom.js';
import { get, path, poll } from './api.js';
import { number, when } from './format.js';
import { stateOf, progressOf } from './state.js';

export function runsPage(session) {
  const body = h('tbody'), empty = h('p', { class: 'hint' }, 'Loading…');
  const more = h('button', { type: 'button', hidden: true, onclick: () => { pages++; ask().catch(fault => notice(fault.message, 'error')); } }, 'Older runs');
  const table = h('table', { class: 'plain', hidden: true },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Run'), h('th', { scope: 'col' }, 'State'), h('th', { scope: 'col' }, 'Progress'),
      h('th', { scope: 'col', class: 'number' }, 'ELBO'), h('th', { scope: 'col', class: 'number wide-only' }, 'Workers'), h('th', { scope: 'col', class: 'wide-only' }, 'Submitted'))), body);
  let pages = 1, shown = '';

  const ask = async signal => {
    let runs = [], after = null;
    for (let page = 0; page < pages; page++) {
      const answer = await get(`${path('runs')}?limit=50${after ? `&after=${encodeURIComponent(after)}` : ''}`, signal);
      runs = runs.concat(answer.runs);
      after = answer.next;
      if (!after) break;
    }

    // Redraw only if something has changed, so that a focused link keeps the focus.
    more.hidden = !after;
    const now = JSON.stringify(runs);
    if (now === shown) return;
    shown = now;
    table.hidden = runs.length === 0;
    replace(empty, ...(runs.length ? [] : ['No runs yet. ', session.role === 'operator' ? h('a', { href: '#/start' }, 'Start one') : null]));
    empty.hidden = runs.length > 0;
    const focused = document.activeElement?.getAttribute('href');
    replace(body, ...runs.map(run => h('tr', {},
      h('th', { scope: 'row' }, h('a', { href: `#/runs/${encodeURIComponent(run.id)}` }, run.name), ' ', h('span', { class: 'id wide-only' }, run.id)),
      h('td', {}, stateOf(run)), h('td', {}, progressOf(run)), h('td', { class: 'number' }, number(run.elbo ?? NaN)),
      h('td', { class: 'number wide-only' }, run.workers), h('td', { class: 'wide-only' }, when(run.submitted)))));
    if (focused) body.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };

  return {
    title: 'Runs',
    element: h('div', {},
      h('div', { class: 'head' }, h('h1', {}, 'Runs'), h('div', { class: 'buttons' }, session.role === 'operator' ? h('a', { class: 'button', href: '#/start' }, 'Start a run') : null)),
      h('div', { class: 'panel' }, empty, h('div', { class: 'scroll' }, table)), h('div', { class: 'inline' }, more)),
    end: poll(2, ask),
  };
}
