import { h } from './dom.js';

export function sweepsPage() {
  return { title: 'Sweeps', element: h('div', {}, h('div', { class: 'head' }, h('h1', {}, 'Sweeps'))) };
}
