// Builds elements from parts. Text is always inserted as text, so a run's name cannot become markup.
const SVG = 'http://www.w3.org/2000/svg';

export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.flat().filter(child => child !== null && child !== undefined));
  return parent;
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'disabled') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child.nodeType ? child : String(child));
  }
  return element;
}

let noticeTimer;
export function notice(text, kind = 'info') {
  const place = document.querySelector('.notices');
  place.replaceChildren(h('p', { class: `notice ${kind}` }, text));
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => place.replaceChildren(), kind === 'error' ? 12000 : 5000);
}

// Asks for confirmation before something that cannot be undone. Escape and the first button mean no.
export function confirmed(title, text, action) {
  return new Promise(resolve => {
    const no = h('button', { type: 'button', value: 'no' }, 'Keep it');
    const yes = h('button', { type: 'button', class: 'danger', value: 'yes' }, action);
    const dialog = h('dialog', { 'aria-labelledby': 'confirm-title' },
      h('h2', { id: 'confirm-title' }, title), h('p', {}, text), h('div', { class: 'buttons' }, no, yes));
    const end = answer => { dialog.close(); dialog.remove(); resolve(answer); };
    no.addEventListener('click', () => end(false));
    yes.addEventListener('click', () => end(true));
    dialog.addEventListener('cancel', event => { event.preventDefault(); end(false); });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
