// Writing a section: the text saves itself when typing rests, figures are found and put into the
// sentence, and nothing typed is lost. Without this script the same page is one form with buttons.
(() => {
  'use strict';

  const by = (id) => document.getElementById(id);
  const REST = 1500; // milliseconds without a key before the text is sent
  const SLOWEST = 60000;

  // --- what was typed is kept on the device until the server has it -----------------------------

  let storage = null;
  try {
    storage = window.localStorage;
    storage.setItem('section:?', '');
    storage.removeItem('section:?');
  } catch { storage = null; } // refused or full: then the page warns before it is left

  const name = (key) => `section:${key}`;
  function keptFor(key) {
    try { return JSON.parse(storage?.getItem(name(key)) ?? 'null'); } catch { return null; }
  }
  const drop = (key) => storage?.removeItem(name(key));

  document.querySelectorAll('[data-drop]').forEach((link) => {
    link.addEventListener('click', () => drop(link.dataset.drop));
  });

  // What was typed where nothing can be typed any more is shown until the person lets it go.
  const left = by('left');
  if (left) {
    const kept = keptFor(left.dataset.key);
    if (kept) {
      const piece = by('say-left').content.cloneNode(true);
      const alert = piece.firstElementChild;
      alert.querySelector('pre').textContent = kept.body;
      alert.querySelector('button').onclick = () => { drop(left.dataset.key); alert.remove(); };
      by('kept').append(piece);
    }
  }

  const form = by('write');
  const box = form?.elements.body;
  if (!box) return;

  const { data: words, key } = { data: form.dataset, key: form.dataset.key };
  const hidden = form.elements.revision;
  const said = by('said');
  let saved = box.defaultValue; // what the server has
  let sent = null; // what is on its way, or was when the line broke
  let busy = false;
  let tries = 0;
  let timer = 0;
  let leaving = false;
  let refused = '';

  const dirty = () => box.value !== saved;

  function keep() {
    try {
      if (dirty()) storage?.setItem(name(key), JSON.stringify({ revision: hidden.value, body: box.value }));
      else drop(key);
    } catch { storage = null; }
  }

  function tell(text, link) {
    said.textContent = text;
    if (!link) return;
    const a = document.createElement('a');
    a.href = link;
    a.target = '_blank';
    a.textContent = words.signIn;
    said.append(' ', a);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  // --- saving: one at a time, the last typed text wins ------------------------------------------

  async function post(again) {
    const response = await fetch(words.save, {
      method: 'POST',
      body: new URLSearchParams({
        body: box.value, revision: hidden.value, in: form.elements.in.value, person: words.person,
        csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      }),
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(20000),
    });
    if (response.headers.get('Content-Type')?.includes('json')) return [response.status, await response.json()];
    if (response.status === 403 && !again) {
      // Somebody signed in again in another window: the form has a new token.
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
      const token = page.querySelector('#write [name=csrfmiddlewaretoken]');
      if (token) form.elements.csrfmiddlewaretoken.value = token.value;
      return post(true);
    }
    return [response.status, {}];
  }

  async function save() {
    clearTimeout(timer);
    if (busy || leaving || !dirty() || refused === box.value) return;
    busy = true;
    const before = sent;
    sent = box.value;
    tell(words.saving);
    let status = 0;
    let content = {};
    try { [status, content] = await post(false); } catch { status = 0; }
    busy = false;
    if (status === 200) settle(content);
    else if (status === 409) clash(content, before);
    else if (status === 401) { tell(words.signedOut, content.sign_in); later(SLOWEST); }
    else if (status === 0 || status === 429 || status >= 500) {
      tries += 1;
      tell(words.offline);
      later(Math.min(SLOWEST, 1000 * 2 ** tries));
    } else {
      refused = sent; // the same text would be refused again
      tell(content.said ?? words.offline);
    }
  }

  function settle(content) {
    saved = sent;
    tries = 0;
    hidden.value = content.revision;
    by('preview').innerHTML = content.side;
    keep();
    if (dirty()) later(REST);
    else tell(content.said);
  }

  // An answer that was lost looks like somebody else's change: then what stands there is what this
  // page sent. Otherwise the page with both texts.
  function clash(content, before) {
    if (content.theirs === before || content.theirs === sent) {
      saved = content.theirs;
      hidden.value = content.revision;
      later(0);
      return;
    }
    leaving = true;
    form.submit();
  }

  box.addEventListener('input', () => { keep(); later(REST); });
  addEventListener('online', save);
  document.addEventListener('visibilitychange', save);
  addEventListener('pagehide', keep);
  addEventListener('beforeunload', (event) => {
    if (!storage && dirty() && !leaving) event.preventDefault();
  });
  form.addEventListener('submit', async (event) => {
    if (!busy) { leaving = true; clearTimeout(timer); return; }
    event.preventDefault();
    while (busy) await new Promise((next) => { setTimeout(next, 50); });
    if (!leaving) form.requestSubmit(event.submitter);
  });
  addEventListener('pageshow', () => { leaving = false; });

  // --- putting things into the text -------------------------------------------------------------

  const OPEN = /\[\[([^[\]|\n]{0,80})$/;
  const opened = () => OPEN.exec(box.value.slice(0, box.selectionStart));

  function insert(text, from, to) {
    box.focus();
    box.setRangeText(text, from, to, 'end');
    box.dispatchEvent(new Event('input'));
  }

  const footnote = by('footnote');
  footnote.hidden = false;
  footnote.addEventListener('click', () => {
    const used = [...box.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
    const mark = `[^${Math.max(0, ...used) + 1}]`;
    insert(mark, box.selectionEnd, box.selectionEnd);
    const end = box.value.length;
    insert(`${/\n\n$/.test(box.value) ? '' : '\n\n'}${mark}: `, end, end);
  });

  // --- finding figures: while one looks for them, or begins a reference in the text ---------------

  const found = by('found');
  const fields = [form.elements.q, form.elements.period, form.elements.scope];
  let asked = new AbortController();
  let waiting = 0;

  function show() {
    found.querySelectorAll('[data-reference]').forEach((button) => { button.hidden = false; });
  }

  async function find() {
    asked.abort();
    asked = new AbortController();
    const query = new URLSearchParams(fields.map((field) => [field.name, field.value]));
    query.set('in', form.elements.in.value);
    try {
      const answer = await fetch(`${words.figures}?${query}`, { signal: asked.signal });
      // Signed out, or the line is down: the button still says what is the matter.
      if (!answer.ok || answer.redirected) return;
      found.innerHTML = await answer.text();
      show();
    } catch { /* a newer question is on its way */ }
  }

  function findSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(find, 250);
  }

  show();
  fields.forEach((field) => field.addEventListener('input', findSoon));
  form.elements.q.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') { event.preventDefault(); find(); }
  });
  box.addEventListener('input', () => {
    const begun = opened();
    if (!begun || begun[1].trim().length < 2) return;
    form.elements.q.value = begun[1].trim();
    findSoon();
  });
  box.addEventListener('keydown', (event) => {
    const first = found.querySelector('[data-reference]');
    if (event.key !== 'ArrowDown' || !opened() || !first) return;
    event.preventDefault();
    first.focus();
  });
  found.addEventListener('keydown', (event) => {
    const all = [...found.querySelectorAll('[data-reference]')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      (all[all.indexOf(document.activeElement) + step] ?? box).focus();
    } else if (event.key === 'Escape') box.focus();
  });
  found.addEventListener('click', (event) => {
    const button = event.target.closest('[data-reference]');
    if (!button) return;
    const begun = opened();
    const at = box.selectionStart;
    insert(`[[${button.dataset.reference}]]`, begun ? begun.index : at, box.selectionEnd);
  });

  // --- coming back ------------------------------------------------------------------------------

  const kept = keptFor(key);
  if (kept && kept.body === box.value) drop(key);
  else if (kept) {
    box.value = kept.body;
    hidden.value = kept.revision; // the one that was seen when this was typed
    tell(words.back);
    later(0);
  }
})();
