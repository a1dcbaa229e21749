// The page: which view is shown, the user's role, and whether the server answers.
import { h, replace, notice } from './dom.js';
import { get, path, send, listen, Problem } from './api.js';
import { runsPage } from './runs.js';
import { runPage } from './run.js';
import { startPage } from './start.js';
import { tokenPage } from './token.js';
import { sweepsPage } from './sweeps.js';
import { sweepPage } from './sweep.js';

const view = document.getElementById('view');
let session = null, end = null;

const pages = [
  [/^#\/runs$/, 'runs', () => runsPage(session)],
  [/^#\/runs\/([^/]+)$/, 'runs', id => runPage(session, decodeURIComponent(id))],
  [/^#\/sweeps$/, 'sweeps', () => sweepsPage(session)],
  [/^#\/sweeps\/([^/]+)$/, 'sweeps', id => sweepPage(session, decodeURIComponent(id))],
  [/^#\/start(?:\/(sweep))?$/, 'start', kind => startPage(session, kind)],
];

listen(() => { if (session) { session = null; show(); } }, connected => { document.querySelector('.lost').hidden = connected; });

async function show() {
  end?.();
  end = null;
  if (!session) {
    try {
      session = await get(path('me'));
    } catch (fault) {
      if (fault instanceof Problem && fault.status === 401) {
        head('', null);
        place(tokenPage(() => show()));
        return;
      }
      place({ title: 'VaeCluster', element: h('p', { class: 'hint' }, fault instanceof Problem ? fault.message : 'The server does not answer yet.') });
      setTimeout(show, 1500);
      return;
    }
    const hasSweeps = await get(path('sweeps') + '?limit=1').then(() => true, () => false);
    document.querySelector('[data-page=sweeps]').hidden = !hasSweeps;
  }

  const hash = location.hash || '#/runs';
  const [, name, make, found] = pages.map(([pattern, ...rest]) => [pattern, ...rest, pattern.exec(hash)]).find(page => page[3]) ?? [];
  if (!make) { location.replace('#/runs'); return; }
  head(name, session);
  place(make(...found.slice(1)));
}

function place(page) {
  document.title = page.title === 'VaeCluster' ? page.title : `${page.title} – VaeCluster`;
  replace(view, page.element);
  end = page.end ?? null;
  window.scrollTo(0, 0);
}

function head(name, who) {
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.querySelector('nav').hidden = !who;
  document.querySelector('[data-page=start]').hidden = who?.role !== 'operator';
  replace(document.querySelector('.who'), who?.hasTokens ? [
    h('span', {}, who.role),
    h('button', { type: 'button', class: 'quiet', onclick: leave }, 'Sign out'),
  ] : []);
}

async function leave() {
  await send('DELETE', path('session')).catch(fault => notice(fault.message, 'error'));
  session = null;
  show();
}

window.addEventListener('hashchange', () => show().then(() => view.focus({ preventScroll: true })));
show();
