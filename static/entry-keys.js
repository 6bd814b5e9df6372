// Keys of the entry grid as in a spreadsheet, undo, pasting a block, and the panel of a row.
(() => {
  'use strict';

  if (!window.entryGrid) return;
  const {
    grid, panel, by, say, tell, row, line, inputs, isField, textOf, put, putAll, held, nameOf, fieldOf, type, leave, restore, settled, focus, isOpen, pending,
  } = window.entryGrid;
  const wide = matchMedia('(min-width: 62rem)');
  const undone = []; // what saved cells held before, the last one last
  grid.addEventListener('saved', ({ detail }) => undone.push(detail));

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
    if (isAsked) by('panel-title').focus();
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

  grid.addEventListener('click', (event) => {
    const link = event.target.closest('[data-opens]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open(link.closest('tr').dataset.code, true, link);
    }
    if (event.target.closest('[data-close]')) close();
  });
  // After a save the panel shows what follows from it, unless somebody is typing there.
  grid.addEventListener('renewed', ({ detail: { code } }) => {
    if (panel.dataset.code === code && !panel.contains(document.activeElement)) open(code, false);
  });
})();
