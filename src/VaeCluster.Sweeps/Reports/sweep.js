'use strict';
// Highlights the trial under the pointer in all charts and the table, and sorts the table when a heading is clicked.
(() => {
  const marked = [];
  const unmark = () => {
    for (const element of marked.splice(0)) element.classList.remove('hot');
    document.body.classList.remove('marking');
  };
  document.addEventListener('pointerover', event => {
    unmark();
    const over = event.target.closest('[data-trial]');
    if (!over) return;
    document.body.classList.add('marking');
    for (const element of document.querySelectorAll(`[data-trial="${over.dataset.trial}"]`)) {
      element.classList.add('hot');
      marked.push(element);
    }
  });
  document.documentElement.addEventListener('pointerleave', unmark);

  for (const table of document.querySelectorAll('table.trials')) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => heading.firstElementChild.addEventListener('click', () => {
      const falling = heading.getAttribute('aria-sort') === 'ascending';
      headings.forEach(other => other.removeAttribute('aria-sort'));
      heading.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
      // Empty values are always last.
      const key = row => row.cells[column].dataset.value === '' ? Infinity : (falling ? -1 : 1) * Number(row.cells[column].dataset.value);
      table.tBodies[0].append(...[...table.tBodies[0].rows].sort((a, b) => key(a) === key(b) ? 0 : key(a) - key(b)));
    }));
  }
})();
