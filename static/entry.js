// The entry grid: cells that save themselves, keys as in a spreadsheet, and nothing typed is lost.
// Without this script the same page is one form with a button. Numbers are read by the server only.
(() => {
  'use strict';

  const grid = document.getElementById('grid');
  const form = document.getElementById('entry');
  if (!grid) return;

  const by = (id) => document.getElementById(id);
  const panel = by('panel');
  const store = `figures:${grid.dataset.person}:${grid.dataset.place}:`;
  const SLOWEST = 60000;
  const wide = matchMedia('(min-width: 62rem)');
  const rows = new Map();
  const undone = []; // what saved cells held before, the last one last
  let signedOut = false;

  // --- words: every sentence comes from a template of the page, with gaps to fill ---------------

  function say(name, ...words) {
    const piece = by(`say-${name}`).content.cloneNode(true);
    piece.querySelectorAll('i, bdi').forEach((gap) => gap.append(words.shift() ?? ''));
    return piece;
  }

  // Screen readers are told at most every ten seconds, and then the latest only.
  let latest = null;
  let silence = 0;
  function tell(piece, atOnce = false) {
    latest = piece;
    if (silence && !atOnce) return;
    by('heard').replaceChildren(latest);
    latest = null;
    clearTimeout(silence);
    silence = setTimeout(() => { silence = 0; if (latest) tell(latest); }, 10000);
  }

  // --- what was typed is kept on the device until the server has it -----------------------------

  let storage = null;
  try {
    storage = window.localStorage;
    storage.setItem(`${store}?`, '');
    storage.removeItem(`${store}?`);
  } catch { storage = null; } // refused or full: then the page warns before it is left

  function keep(row) {
    const texts = pending(row);
    try {
      if (Object.keys(texts).length) {
        storage?.setItem(store + row.code, JSON.stringify({ version: row.version, texts }));
      } else storage?.removeItem(store + row.code);
    } catch { storage = null; }
  }

  function everyKept() {
    if (!storage) return [];
    return Object.keys(storage).filter((key) => key.startsWith(store)).map((key) => {
      try { return { key, code: key.slice(store.length), ...JSON.parse(storage.getItem(key)) }; }
      catch { storage.removeItem(key); return null; }
    }).filter((kept) => kept?.texts);
  }

  // What was typed where nothing can be typed any more is shown until the person lets it go.
  function leftOver({ key, code, texts }) {
    const piece = say('left-over', `${code}: ${Object.values(texts).join(' / ')}`);
    const alert = piece.firstElementChild;
    alert.querySelector('button').onclick = () => { storage.removeItem(key); alert.remove(); };
    by('kept').append(piece);
  }
  if (!form) {
    everyKept().forEach(leftOver);
    return;
  }
  const csrf = form.elements.csrfmiddlewaretoken;

  // --- rows and their fields --------------------------------------------------------------------

  const line = (code) => by(`row-${code}`);
  const isField = (node) => node?.matches?.('input:not([type=hidden]), select, textarea');
  const textOf = (field) => (field.type === 'checkbox' ? (field.checked ? '1' : '') : field.value);
  const inputs = (root) => [...root.querySelectorAll('.cell input:not([type=hidden]), .cell select')];

  function put(field, text) {
    if (field.type === 'checkbox') field.checked = text === '1';
    else field.value = text;
  }

  function putAll(code, texts) {
    for (const [name, text] of Object.entries(texts)) {
      const field = fieldOf(code, name);
      if (field) put(field, text);
    }
  }

  // What the server holds for a field: said by the row's hidden field, or as the panel came.
  function held(field) {
    if (field.dataset.held !== undefined) return field.dataset.held;
    if (field.type === 'checkbox') return field.defaultChecked ? '1' : '';
    if (!field.closest('.cell')) {
      if (field.tagName !== 'SELECT') return field.defaultValue;
      return [...field.options].find((option) => option.defaultSelected)?.value ?? '';
    }
    const together = inputs(field.closest('tr'));
    const seen = field.closest('.cell').querySelector('[name$="-seen"]').value.split('|');
    return seen[together.indexOf(field)] ?? '';
  }

  function rowOf(field) {
    const code = panel.contains(field) || field.closest('.panel')
      ? panel.dataset.code : field.closest('tr[data-code]')?.dataset.code;
    return code ? row(code) : null;
  }

  function nameOf(field) {
    return field.closest('.cell') ? field.name.slice(field.name.lastIndexOf('-') + 1) : field.name;
  }

  function fieldOf(code, name) {
    const tr = line(code);
    const cell = tr && inputs(tr).find((field) => nameOf(field) === name);
    if (cell || panel.dataset.code !== code) return cell;
    return [...panel.querySelectorAll('[name]')].find((field) => field.name === name);
  }

  function row(code) {
    if (!rows.has(code)) {
      const data = line(code).dataset;
      rows.set(code, {
        code, version: Number(data.version), url: data.url, typed: {}, sent: {}, bad: {}, tries: 0,
      });
    }
    return rows.get(code);
  }

  // --- the line under a cell --------------------------------------------------------------------

  function show(one, look, piece, urgent = false) {
    const tr = line(one.code);
    const cell = tr?.querySelector('.cell');
    if (!cell) return;
    cell.className = `cell ${look}`;
    const refused = look === 'is-invalid';
    inputs(tr).forEach((field) => field.toggleAttribute('aria-invalid', false));
    if (refused) inputs(tr).forEach((field) => field.setAttribute('aria-invalid', 'true'));
    const below = [cell.querySelector('.st')];
    if (panel.dataset.code === one.code && by(`${one.code}-p`)) below.push(by(`${one.code}-p`));
    below.forEach((under) => {
      if (urgent) under.setAttribute('role', 'alert'); else under.removeAttribute('role');
      const stood = under.contains(document.activeElement);
      under.replaceChildren(piece.cloneNode(true));
      if (stood) stand(under);
    });
  }

  // Where the focus goes when what had it was replaced: what can be pressed there, or the words.
  function stand(under) {
    const stop = under.querySelector('a, button') ?? under;
    if (stop === under) under.tabIndex = -1;
    stop.focus({ preventScroll: true });
  }

  // What the server does not have yet: refused, on its way, and typed since.
  const pending = (one) => ({ ...one.bad, ...one.sent, ...one.typed });
  const isOpen = (one) => Object.keys(pending(one)).length > 0;
  const hasTyped = (one) => Object.keys(one.typed).length > 0;
  const unsettled = () => [...rows.values()].filter(isOpen);

  // --- saving: one at a time for each row, the last typed value wins ----------------------------

  function type(code, texts, { isUndo = false } = {}) {
    const one = row(code);
    const now = pending(one);
    one.before ??= {};
    for (const name of Object.keys(texts)) {
      const field = fieldOf(code, name);
      if (field && !(name in now) && field.closest('.cell')) one.before[name] = held(field);
    }
    Object.assign(one.typed, texts);
    Object.keys(texts).forEach((name) => delete one.bad[name]);
    one.isUndo = isUndo;
    keep(one);
    send(one);
    return one;
  }

  async function send(one) {
    clearTimeout(one.timer);
    if (one.busy || one.clash || !hasTyped(one)) return;
    one.busy = true;
    one.sent = one.typed;
    one.typed = {};
    show(one, 'is-saving', say('saving'));
    const answer = await ask(`${one.url}cell/`, { ...one.sent, version: one.version });
    one.busy = false;
    settle(one, answer);
    if (!answer.again) send(one); // what was typed meanwhile
    waiting();
  }

  // An answer always comes: its status, or `again` if the line or the session failed.
  async function ask(url, texts, secondTry = false) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ ...texts, csrfmiddlewaretoken: csrf.value }),
        headers: { Accept: 'application/json' },
        signal: AbortSignal.timeout(20000),
      });
      const isJson = response.headers.get('Content-Type')?.includes('json');
      const content = isJson ? await response.json() : {};
      if (response.status === 403 && !isJson && !secondTry) {
        await refresh(); // somebody signed in again in another window: the form has a new token
        return await ask(url, texts, true);
      }
      const { status } = response;
      return { ...content, status, again: status === 401 || status === 429 || status >= 500 };
    } catch { return { status: 0, again: true }; }
  }

  function settle(one, answer) {
    if (answer.again) return later(one, answer);
    one.tries = 0;
    if (answer.status === 200) return saved(one, answer);
    if (answer.status === 409) return clash(one, answer);
    // Refused: what was typed stays in its field and on the device until it is corrected.
    one.bad = { ...one.bad, ...one.sent };
    one.sent = {};
    one.isLost = false;
    one.complain = () => {
      const said = answer.said ?? say('failed');
      if (answer.status === 423) show(one, 'is-locked', say('locked', said), true);
      else show(one, 'is-invalid', say('refused', said), true);
    };
    one.complain();
    keep(one);
  }

  function later(one, answer) {
    one.isLost = true;
    one.typed = { ...one.sent, ...one.typed };
    one.sent = {};
    keep(one);
    if (answer.status === 401) return signIn(one, answer);
    show(one, 'is-offline', say(storage ? 'kept' : 'unkept'));
    const wait = Math.min(SLOWEST, 1000 * 2 ** one.tries++);
    one.timer = setTimeout(() => send(one), wait * (0.75 + Math.random() / 2));
  }

  function signIn(one, answer) {
    show(one, 'is-offline', say('waits'));
    if (signedOut) return;
    signedOut = true;
    const alert = say('signed-out', answer.said);
    alert.querySelector('a').href = answer.sign_in;
    by('kept').replaceChildren(alert);
  }

  function saved(one, answer) {
    const { sent } = one;
    one.version = answer.version;
    if (!one.isUndo && Object.keys(one.before).length) undone.push({ code: one.code, before: one.before });
    one.before = null;
    one.isUndo = false;
    one.sent = {};
    one.isLost = false;
    hold(one, answer.texts, sent);
    if (hasTyped(one)) one.before = { ...answer.texts };
    keep(one);
    if (signedOut) { signedOut = false; by('kept').replaceChildren(); }
    const isEmpty = Object.values(answer.texts).every((text) => !text) && 'said' in answer && !answer.said;
    if (Object.keys(one.bad).length) one.complain();
    else show(one, isEmpty ? 'is-empty' : 'is-saved', isEmpty ? say('empty') : say('saved', answer.said));
    tell(say('last', answer.time));
    refreshSoon(one.code);
  }

  // The fields now stand for what the server holds, as the server writes it, unless typed on.
  function hold(one, texts, sent = {}) {
    const tr = line(one.code);
    tr.dataset.version = one.version;
    const seen = tr.querySelector('[name$="-seen"]');
    if (seen) {
      tr.querySelector('[name$="-version"]').value = one.version;
      seen.value = Object.values(texts).join('|');
    }
    for (const [name, text] of Object.entries({ ...sent, ...texts })) {
      const field = fieldOf(one.code, name);
      if (!field) continue;
      const untouched = textOf(field) === (sent[name] ?? held(field));
      field.dataset.held = text;
      if (untouched && !(name in one.typed)) put(field, text);
    }
  }

  function clash(one, answer) {
    const mine = pending(one);
    const isOwn = answer.mine && one.isLost;
    one.isLost = false;
    one.sent = {};
    one.bad = {};
    one.typed = mine;
    // The answer to an earlier try got lost on the way: the other person is oneself.
    if (isOwn) { one.version = answer.version; return; }
    one.clash = answer;
    const typed = Object.entries(mine).map(([name, text]) => {
      const field = fieldOf(one.code, name);
      return field?.tagName === 'SELECT' ? field.selectedOptions[0]?.text : text;
    }).join(' / ');
    show(one, 'is-check is-clash', say('clash', answer.said, typed), true);
    keep(one);
  }

  function choose(one, whose) {
    const { version, texts } = one.clash;
    one.clash = null;
    one.version = version;
    if (whose === 'mine') {
      keep(one);
      send(one);
    } else {
      const mine = one.typed;
      one.typed = {};
      one.before = null;
      keep(one);
      hold(one, texts, mine);
      putAll(one.code, texts);
      refreshSoon(one.code);
    }
    inputs(line(one.code))[0]?.focus();
  }

  function waiting() {
    const count = unsettled().length;
    if (count && !navigator.onLine) tell(say('waiting', count));
  }

  function sendAll() {
    unsettled().forEach((one) => { one.tries = 0; send(one); });
  }

  // --- what the server says about rows after a save ---------------------------------------------

  const stale = new Set();
  let refreshing;
  function refreshSoon(code) {
    stale.add(code);
    clearTimeout(refreshing);
    refreshing = setTimeout(refresh, 300);
  }

  async function refresh() {
    const codes = [...stale];
    stale.clear();
    try {
      const query = new URLSearchParams(codes.map((code) => ['code', code]));
      const response = await fetch(`${grid.dataset.rows}?${query}`, { signal: AbortSignal.timeout(20000) });
      if (!response.ok) return;
      const now = await response.json();
      csrf.value = now.token;
      by('counts').innerHTML = now.counts;
      by('left').innerHTML = now.left;
      submit.toggleAttribute('data-ready', now.ready);
      ready();
      Object.entries(now.rows).forEach(([code, html]) => renew(code, html));
    } catch { codes.forEach((code) => stale.add(code)); } // comes with the next save
  }

  function renew(code, html) {
    const one = row(code);
    if (one.busy || one.clash || isOpen(one)) return;
    const frame = document.createElement('template');
    frame.innerHTML = `<table><tbody>${html}</tbody></table>`;
    const fresh = frame.content.querySelector('tr');
    const old = line(code);
    const same = inputs(fresh).map((field) => field.name).join() === inputs(old).map((field) => field.name).join();
    one.version = Number(fresh.dataset.version);
    if (!same || !inputs(old).length) old.replaceWith(fresh);
    else {
      // Fields stay where they are, so that the focus and what is being typed stay too.
      old.dataset.version = fresh.dataset.version;
      [...fresh.cells].forEach((cell, place) => {
        const target = old.cells[place];
        if (!cell.querySelector('.cell')) {
          const isOther = cell.tagName === 'TD' && cell.innerHTML !== target.innerHTML;
          if (isOther) target.replaceChildren(...cell.childNodes);
          return;
        }
        target.querySelector('.cell').className = cell.querySelector('.cell').className;
        const [gone, under] = [target, cell].map((each) => each.querySelector('.st'));
        const stood = gone.contains(document.activeElement);
        gone.replaceWith(under);
        if (stood) stand(under);
        target.querySelectorAll('[type=hidden]').forEach((hidden, nth) => {
          hidden.value = cell.querySelectorAll('[type=hidden]')[nth].value;
        });
        inputs(fresh).forEach((field, nth) => {
          const shown = inputs(old)[nth];
          const untouched = textOf(shown) === held(shown);
          shown.dataset.held = textOf(field);
          if (untouched) put(shown, textOf(field));
        });
      });
    }
    line(code).classList.toggle('row-open', panel.dataset.code === code);
    // The panel shows what follows from the save, unless somebody is typing there.
    if (panel.dataset.code === code && !panel.contains(document.activeElement)) open(code, false);
  }

  // --- leaving a field --------------------------------------------------------------------------

  function leave(field) {
    const one = rowOf(field);
    if (!one) return;
    const together = field.closest('[data-together]');
    const fields = together ? [...together.querySelectorAll('input:not([type=hidden]), select, textarea')] : [field];
    const known = pending(one);
    const isNew = (each) => textOf(each) !== (known[nameOf(each)] ?? held(each));
    if (fields.some(isNew)) type(one.code, Object.fromEntries(fields.map((each) => [nameOf(each), textOf(each)])));
  }

  grid.addEventListener('focusout', (event) => {
    if (!isField(event.target)) return;
    const { target, relatedTarget: next } = event;
    // The link under a pair of fields lies beside them: going there is leaving the pair. It is
    // replaced by "Saving", so the focus must have arrived first to be led on.
    if (next?.closest('.st')) setTimeout(() => leave(target));
    else if (!isField(next) || !next.closest('[data-together]')?.contains(target)) leave(target);
  });
  grid.addEventListener('change', (event) => {
    // A choice is made at once; "not applicable" waits for its reason, taking it back does not.
    if (event.target.tagName === 'SELECT') leave(event.target);
    if (event.target.name === 'not_applicable' && !event.target.checked) leave(event.target);
  });
  grid.addEventListener('click', (event) => {
    const choice = event.target.closest('[data-choose]');
    if (choice) choose(rowOf(choice), choice.dataset.choose);
    const link = event.target.closest('[data-opens]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link.closest('tr').dataset.code, true, link);
    }
    if (event.target.closest('[data-close]')) close();
  });

  function focus(field) {
    field?.focus();
    if (field?.tagName === 'INPUT') field.select();
  }

  function restore(field) {
    const one = rowOf(field);
    const group = field.closest('[data-together]');
    const fields = group ? [...group.querySelectorAll('input:not([type=hidden]), textarea')] : [field];
    fields.forEach((each) => put(each, held(each)));
    if (isOpen(one) && !one.busy) {
      fields.forEach((each) => { delete one.bad[nameOf(each)]; delete one.typed[nameOf(each)]; });
      one.before = null;
      keep(one);
      refreshSoon(one.code);
    }
    if (field.tagName === 'INPUT') field.select();
  }

  // --- keys -------------------------------------------------------------------------------------

  const stops = () => inputs(grid).filter((field) => !field.readOnly);

  function go(field, down) {
    const lines = [...grid.querySelectorAll('tr[data-code]')].filter((tr) => inputs(tr).length);
    const tr = field.closest('tr');
    const next = lines[lines.indexOf(tr) + down];
    if (next) focus(inputs(next)[Math.min(inputs(tr).indexOf(field), inputs(next).length - 1)]);
    else leave(field);
  }

  function aside(field, key) {
    const isLtr = getComputedStyle(grid).direction === 'ltr';
    const [start, end] = field.tagName === 'INPUT' ? [field.selectionStart, field.selectionEnd] : [0, 0];
    const all = field.tagName === 'INPUT' && start === 0 && end === field.value.length;
    const last = field.tagName === 'INPUT' ? field.value.length : 0;
    // Digits run from left to right in every language, so the ends of the text do too.
    if (!all && (start !== end || start !== (key === 'ArrowRight' ? last : 0))) return null;
    const step = (key === 'ArrowRight') === isLtr ? 1 : -1;
    return stops()[stops().indexOf(field) + step] ?? null;
  }

  function undo() {
    const last = undone.pop();
    if (!last || !line(last.code)) return;
    putAll(last.code, last.before);
    type(last.code, last.before, { isUndo: true });
    focus(fieldOf(last.code, Object.keys(last.before)[0]));
    tell(say('undone', last.code));
  }

  grid.addEventListener('keydown', (event) => {
    const field = event.target;
    if (event.key === 'Escape' && panel.contains(field) && !isField(field)) return close();
    if (!isField(field) || event.isComposing) return;
    if (event.key === 'Escape') { restore(field); return; }
    if (!field.closest('.cell')) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    let next = null;
    if (isUndo && textOf(field) === held(field)) undo();
    else if (event.key === 'Enter' && isPlain) go(field, event.shiftKey ? -1 : 1);
    else if (/^Arrow(Up|Down)$/.test(event.key) && isPlain && field.tagName === 'INPUT') go(field, event.key === 'ArrowUp' ? -1 : 1);
    else if (/^Arrow(Left|Right)$/.test(event.key) && isPlain && !event.shiftKey && (next = aside(field, event.key))) focus(next);
    else return;
    event.preventDefault();
  });

  // --- a block copied from a spreadsheet --------------------------------------------------------

  function block(text) {
    const lines = [[]];
    const cell = /("(?:[^"]|"")*"|[^\t\r\n]*)(\t|\r\n|\n|\r|$)/y;
    for (let found; cell.lastIndex < text.length && (found = cell.exec(text));) {
      const [, raw, end] = found;
      lines.at(-1).push(raw.startsWith('"') && raw.endsWith('"') && raw.length > 1 ? raw.slice(1, -1).replaceAll('""', '"') : raw);
      if (end && end !== '\t') lines.push([]);
    }
    if (!lines.at(-1).length) lines.pop();
    return lines;
  }

  async function paste(field, lines) {
    const targets = [...grid.querySelectorAll('tr[data-code]')].filter((tr) => inputs(tr).length);
    const first = targets.indexOf(field.closest('tr'));
    const at = inputs(targets[first]).indexOf(field);
    const touched = new Map();
    lines.forEach((texts, down) => {
      const tr = targets[first + down];
      if (!tr) return;
      inputs(tr).slice(at).forEach((each, right) => {
        if (right >= texts.length) return;
        const text = texts[right].trim();
        const option = each.tagName === 'SELECT' && [...each.options].find((one) => [one.value, one.text].includes(text));
        if (each.tagName !== 'SELECT' || option) put(each, option ? option.value : text);
        touched.set(tr.dataset.code, { ...touched.get(tr.dataset.code), [nameOf(each)]: option ? option.value : text });
      });
    });
    // A part goes with its whole, also when only one of the two was pasted.
    const all = [...touched].map(([code, texts]) => type(code, {
      ...Object.fromEntries(inputs(line(code)).map((each) => [nameOf(each), textOf(each)])), ...texts,
    }));
    await settled(all);
    const count = (found) => found.reduce((sum, one) => sum + Object.keys(touched.get(one.code)).length, 0);
    const isRefused = (one) => one.clash || Object.keys(one.bad).length;
    tell(say('pasted', count(all), count(all.filter((one) => !isOpen(one))), count(all.filter(isRefused))), true);
  }

  grid.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text/plain');
    if (!isField(event.target) || !event.target.closest('.cell')) return;
    if (!/[\t\n\r]/.test(text.replace(/[\r\n]+$/, '')) && event.target.tagName !== 'SELECT') return;
    event.preventDefault();
    paste(event.target, block(text));
  });

  // --- the panel of one row: beside the grid, or under its row on a narrow screen ---------------

  let opener = null;
  async function open(code, isAsked, from = null) {
    let html;
    try {
      const response = await fetch(`${row(code).url}?part=panel`, { signal: AbortSignal.timeout(20000) });
      if (!response.ok || response.redirected) throw new Error('not there');
      html = await response.text();
    } catch {
      if (isAsked && navigator.onLine) location.assign(row(code).url);
      return;
    }
    if (!isAsked && (panel.dataset.code !== code || panel.contains(document.activeElement))) return;
    if (isAsked) opener = from;
    grid.querySelectorAll('.row-open').forEach((tr) => tr.classList.remove('row-open'));
    panel.dataset.code = code;
    panel.innerHTML = html;
    panel.hidden = false;
    grid.classList.add('with-panel');
    line(code).classList.add('row-open');
    place();
    putAll(code, pending(row(code)));
    const wanted = from?.hash && panel.querySelector(`${from.hash} :is(input:not([type=hidden]), select, textarea)`);
    if (isAsked) (wanted || by('panel-title')).focus();
    if (isAsked && !wanted && !wide.matches) panel.scrollIntoView();
  }

  function place() {
    const code = panel.dataset.code;
    by('panel-row')?.remove();
    if (!code) return;
    if (wide.matches) { grid.append(panel); return; }
    const tr = document.createElement('tr');
    tr.id = 'panel-row';
    tr.setAttribute('role', 'row');
    const td = tr.insertCell();
    td.colSpan = 7;
    td.setAttribute('role', 'cell');
    td.append(panel);
    line(code).after(tr);
  }

  function close() {
    const { code } = panel.dataset;
    delete panel.dataset.code;
    grid.append(panel);
    panel.hidden = true;
    panel.replaceChildren();
    by('panel-row')?.remove();
    grid.classList.remove('with-panel');
    line(code)?.classList.remove('row-open');
    (opener?.isConnected ? opener : line(code)?.querySelector('[data-opens]'))?.focus();
  }
  wide.addEventListener('change', place);

  // --- submitting -------------------------------------------------------------------------------

  const submit = by('submit');
  let submitting = false;

  function ready() {
    submit.setAttribute('aria-disabled', String(!submit.hasAttribute('data-ready')));
  }

  async function settled(some) {
    for (let tries = 0; tries < 300 && some.some((one) => one.busy
      || (hasTyped(one) && !one.clash && !one.tries && !signedOut)); tries++) {
      await new Promise((next) => { setTimeout(next, 100); });
    }
  }

  form.addEventListener('submit', async (event) => {
    if (submitting) { event.preventDefault(); return; }
    if (event.submitter !== submit) return;
    const isBusy = unsettled().length > 0;
    if (!isBusy && submit.hasAttribute('data-ready')) { submitting = true; return; }
    event.preventDefault();
    await settled([...rows.values()]);
    if (isBusy || stale.size) { clearTimeout(refreshing); await refresh(); }
    if (!unsettled().length && submit.hasAttribute('data-ready')) form.requestSubmit(submit);
    else if (unsettled().length) tell(say('unready'));
    else by('left').querySelector('a')?.focus();
  });
  by('left').addEventListener('click', (event) => {
    const code = event.target.closest('a')?.hash.slice(5);
    if (!code || !line(code)) return;
    event.preventDefault();
    focus(inputs(line(code))[0] ?? line(code).querySelector('a'));
  });

  // --- beginning, losing the line, coming back --------------------------------------------------

  everyKept().forEach((kept) => {
    const { code, version, texts } = kept;
    const tr = line(code);
    if (!tr) return; // a filter hides the row; it is sent from the whole grid
    const needsField = Object.keys(texts).some((name) => /^(value|numerator|denominator|choice)$/.test(name));
    if (needsField && !inputs(tr).length) { leftOver(kept); return; }
    putAll(code, texts);
    row(code).version = version; // the one that was seen when this was typed
    type(code, texts);
  });

  addEventListener('online', sendAll);
  addEventListener('offline', waiting);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) sendAll(); });
  addEventListener('pagehide', () => { if (isField(document.activeElement)) leave(document.activeElement); });
  addEventListener('beforeunload', (event) => {
    if (isField(document.activeElement) && grid.contains(document.activeElement)) leave(document.activeElement);
    if (!storage && unsettled().length && !submitting) event.preventDefault();
  });

  submit.textContent = submit.dataset.alone; // everything is saved by then
  document.querySelectorAll('.plain-save').forEach((button) => { button.hidden = true; });
  document.querySelectorAll('.keys').forEach((keys) => { keys.hidden = false; });
  ready();
})();
