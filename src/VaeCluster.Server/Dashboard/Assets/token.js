// Exchanges a token for a session. The token is not stored.
import { h } from './dom.js';
import { post, path, Problem } from './api.js';

export function tokenPage(done) {
  const token = h('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true, spellcheck: 'false' });
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true });
  const form = h('form', {
    class: 'fields', onsubmit: async event => {
      event.preventDefault();
      fault.hidden = true;
      try {
        await post(path('session'), { token: token.value });
        done();
      } catch (problem) {
        fault.textContent = problem instanceof Problem ? problem.message : 'The server does not answer.';
        fault.hidden = false;
        token.select();
      }
    },
  },
  h('div', {}, h('label', { for: 'token' }, 'Token'), token),
  h('div', { class: 'buttons' }, h('button', { class: 'main' }, 'Enter')));
  setTimeout(() => token.focus());
  return {
    title: 'Token',
    element: h('div', { class: 'panel narrow' },
      h('div', { class: 'head' }, h('h1', {}, 'This server requires a token')), fault, form,
      h('p', { class: 'hint' }, 'The operator’s token allows starting and stopping runs, the viewer’s only looking. It is exchanged for a session of twelve hours and not stored.')),
  };
}
