import { h } from './dom.js';

export function sweepPage(session, id) {
  return { title: id, element: h('div', {}, h('div', { class: 'head' }, h('h1', {}, id))) };
}
