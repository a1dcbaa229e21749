// Calls the server that the page came from, and no other.
const ROOT = '/api/v1';

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? `the server answered ${status}`);
    this.status = status;
    this.field = body?.field ?? null;
  }
}

let onUnauthorized = () => {};
let onConnection = () => {};
export const listen = (unauthorized, connection) => { onUnauthorized = unauthorized; onConnection = connection; };

export const path = (...parts) => ROOT + parts.map(part => '/' + encodeURIComponent(part)).join('');

export async function send(method, address, body, signal) {
  let response;
  try {
    response = await fetch(address, {
      method, signal, credentials: 'same-origin', cache: 'no-store',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (fault) {
    if (fault.name !== 'AbortError') onConnection(false);
    throw fault;
  }
  onConnection(true);
  if (response.ok) return response;
  const problem = new Problem(response.status, await response.json().catch(() => null));
  if (response.status === 401) onUnauthorized();
  throw problem;
}

export const get = async (address, signal) => (await send('GET', address, undefined, signal)).json();
export const post = async (address, body) => (await send('POST', address, body)).json();
export const remove = address => send('DELETE', address);

export async function picture(address, signal) {
  const response = await send('GET', address, undefined, signal);
  return {
    blob: await response.blob(),
    step: Number(response.headers.get('VaeCluster-Step')),
    live: response.headers.get('VaeCluster-Weights') === 'live',
  };
}

// A stream that reconnects after a lost connection, a restart of the server, or when a hidden page is shown again. Each event is complete, so nothing is missed.
export function watch(address, handlers) {
  let source = null, timer = null, ended = false;

  const close = () => { source?.close(); source = null; clearTimeout(timer); };
  const open = () => {
    close();
    if (ended || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener('open', () => onConnection(true));
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, event => { onConnection(true); handle(JSON.parse(event.data), Number(event.lastEventId) || 0); });
    }
    source.addEventListener('error', () => {
      close();
      // The stream does not say why it ended; a plain request does.
      get(path('me')).then(() => retry(1000), () => retry(1500));
    });
  };
  const retry = wait => { clearTimeout(timer); if (!ended) timer = setTimeout(open, wait); };
  const shown = () => document.hidden ? close() : open();
  document.addEventListener('visibilitychange', shown);
  open();
  return () => { ended = true; close(); document.removeEventListener('visibilitychange', shown); };
}

// Polls while the page is visible. The next request waits for a slow answer.
export function poll(seconds, ask) {
  let ended = false, timer = null, stop = null;
  const turn = async () => {
    if (ended) return;
    if (!document.hidden) {
      stop = new AbortController();
      try { await ask(stop.signal); } catch (fault) { if (!(fault instanceof Problem) && fault.name !== 'AbortError' && fault.name !== 'TypeError') console.error(fault); }
    }
    if (!ended) timer = setTimeout(turn, seconds * 1000);
  };
  turn();
  return () => { ended = true; clearTimeout(timer); stop?.abort(); };
}

// One request is under way at a time; of the requests made meanwhile, only the last is sent.
export function latest(ask) {
  let wish = null, busy = false;
  const run = async () => {
    while (wish) {
      const mine = wish;
      wish = null;
      try { await ask(...mine); } catch (fault) { if (!(fault instanceof Problem) && fault.name !== 'TypeError' && fault.name !== 'AbortError') console.error(fault); }
    }
    busy = false;
  };
  return (...args) => { wish = args; if (!busy) { busy = true; run(); } };
}
