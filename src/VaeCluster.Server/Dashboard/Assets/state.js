// What the pages of runs and sweeps have in common.
import { h, confirmed, notice } from './dom.js';
import { post, remove, path } from './api.js';
import { count } from './format.js';

export const inProgress = state => ['queued', 'running', 'stopping', 'pausing'].includes(state);

export const stateOf = run => h('span', { class: `state ${run.state}` }, run.state);

export function progressOf(run) {
  const total = run.beginning?.totalSteps ?? (run.state === 'finished' ? run.step : 0);
  const done = run.state === 'finished' ? total : run.step;
  return h('div', { class: 'progress' },
    h('progress', { value: total ? done / total : 0, max: 1, 'aria-label': `${run.name}: ${total ? Math.floor(100 * done / total) : 0} percent done` }),
    h('small', {}, total ? `${count(done)} of ${count(total)} steps` : run.step ? `${count(run.step)} steps` : 'not begun'));
}

const act = (kind, id, what) => post(path(kind, id, what)).then(() => true, fault => { notice(fault.message, 'error'); return false; });

// For a button whose run has been deleted: there is nothing to reload.
const GONE = Symbol('gone');

// The buttons that a state allows. Viewers have none.
export function actions(session, run, changed, kind = 'runs', word = 'run') {
  if (session.role !== 'operator') return [];
  const button = (text, what, attributes = {}) => h('button', { type: 'button', ...attributes, onclick: async event => {
    const pressed = event.currentTarget;
    pressed.disabled = true;
    let end;
    try { end = await what(); } finally { pressed.disabled = false; }
    if (end !== GONE) changed();
  } }, text);
  const found = [];
  if (['queued', 'running'].includes(run.state)) {
    found.push(button('Pause', () => act(kind, run.id, 'pause')));
    found.push(button('Cancel', async () => {
      if (await confirmed(`Cancel ${run.name}?`, `The ${word} stops after the step in progress and writes a checkpoint. It can be resumed later, to the same weights.`, `Cancel the ${word}`))
        await act(kind, run.id, 'cancel');
    }, { class: 'danger' }));
  }
  if (['stopped', 'paused', 'failed'].includes(run.state)) found.push(button('Resume', () => act(kind, run.id, 'resume'), { class: 'main' }));
  if (!inProgress(run.state)) {
    const written = kind === 'runs' ? `${run.id} has written will be removed permanently: weights, metrics, report` : `${run.id} and its trials have written will be removed permanently: weights, metrics, reports`;
    found.push(button('Delete', async () => {
      if (!await confirmed(`Delete ${run.name}?`, `Everything that ${written}.`, `Delete the ${word}`)) return;
      try {
        await remove(path(kind, run.id));
        notice(`${run.id} is deleted`);
        if (location.hash !== `#/${kind}`) location.hash = `#/${kind}`;
        return GONE;
      } catch (fault) { notice(fault.message, 'error'); }
    }, { class: 'danger' }));
  }
  return found;
}
