/* Suggestions from the register while a name is typed. The form around the field is a search that
   works without this script. Here the field becomes a combobox (ARIA 1.2, list autocomplete): what
   is chosen is put, marked, among the choices of the form named by data-fills. */
"use strict";

const WAIT = 200; // milliseconds of rest before the register is asked

function suggest(input) {
  const form = document.getElementById(input.dataset.fills);
  const within = document.getElementById(input.dataset.within);
  const list = make("ul", { id: `${input.id}-list`, role: "listbox", hidden: true });
  const status = make("p", { className: "visually-hidden", role: "status" });
  list.setAttribute("aria-label", input.dataset.label);
  input.after(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let items = [];
  let active = -1;
  let timer = 0;
  let asked = new AbortController();

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(place) {
    active = place;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === place)));
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    items = found;
    list.replaceChildren(...items.map(option));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(items.length > 0));
    mark(-1);
    status.textContent = items.length ? `${input.dataset.found} ${items.length}` : input.dataset.none;
  }

  function option(item, place) {
    const line = make("li", { id: `${list.id}-${place}`, role: "option" });
    line.append(make("bdi", { textContent: item.name }));
    const about = item.found_by ? `${item.about} (${item.found_by})` : item.about;
    line.append(make("span", { className: "sub", textContent: about }));
    // The field keeps the focus, or leaving it would close the list before the click arrives.
    line.addEventListener("mousedown", (event) => event.preventDefault());
    line.addEventListener("click", () => choose(item));
    return line;
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const typed = input.value.trim();
    if (!typed) return close();
    const query = new URLSearchParams({ q: typed, country: within ? within.value : "" });
    try {
      const answer = await fetch(`${input.dataset.suggest}?${query}`, { signal: asked.signal });
      // Signed out, or the line is down: the search button still says what is the matter.
      if (!answer.ok || answer.redirected) return close();
      show((await answer.json()).items);
    } catch {
      close();
    }
  }

  function choose(item) {
    close();
    clearTimeout(timer);
    asked.abort();
    form.hidden = false;
    input.value = item.name;
    const radio = form.querySelector(`input[name=authority][value="${item.id}"]`) || add(item);
    radio.checked = true;
    status.textContent = `${input.dataset.chosen} ${item.name}, ${item.about}`;
    form.querySelector("[name=achieved_on]").focus();
  }

  function add(item) {
    const label = make("label", { className: "check all" });
    const radio = make("input", { type: "radio", name: "authority", value: item.id });
    const text = make("span", {});
    text.append(make("bdi", { textContent: item.name }), `, ${item.about}`);
    label.append(radio, " ", text);
    form.querySelector("legend").after(label);
    return radio;
  }

  const keys = {
    ArrowDown: () => (list.hidden ? ask() : mark((active + 1) % items.length)),
    ArrowUp: () => list.hidden || mark((active > 0 ? active : items.length) - 1),
    Enter: () => active >= 0 && choose(items[active]),
    Escape: () => (list.hidden ? (input.value = "") : close()),
  };
  input.addEventListener("keydown", (event) => {
    if (!(event.key in keys) || (event.key === "Enter" && active < 0)) return;
    event.preventDefault();
    keys[event.key]();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
}

function make(tag, properties) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role") made.setAttribute(name, value);
    else made[name] = value;
  }
  return made;
}

document.querySelectorAll("input[data-suggest]").forEach(suggest);
