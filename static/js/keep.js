// Keeps what is typed into a form marked data-keep in this browser, until it is saved: per person and
// page, so that a line that drops loses nothing. Without script the form works as any other.
"use strict";
{
  const texts = (form) =>
    Array.from(form.elements).filter((input) => input.name && !["hidden", "file", "submit"].includes(input.type));
  const read = (form) =>
    Object.fromEntries(texts(form).flatMap((i) => (i.type === "radio" && !i.checked ? [] : [[i.name, i.value]])));
  const stored = (key) => JSON.parse(localStorage.getItem(key) ?? "null");

  const fill = (form, kept) => {
    for (const input of texts(form)) {
      if (!(input.name in kept)) continue;
      if (input.type === "radio") input.checked = input.value === kept[input.name];
      else input.value = kept[input.name];
    }
  };

  const saved = new URLSearchParams(location.search).get("saved");
  for (const form of document.querySelectorAll("[data-keep]")) {
    const key = `keep/${form.dataset.keep}`;
    const note = (name, isShown) => (form.querySelector(`[data-${name}]`).hidden = !isShown);
    if (saved === form.id) localStorage.removeItem(key);
    const kept = stored(key);
    // What the server sent back with an error is what was typed last; it stays.
    if (kept && !form.querySelector("[aria-invalid]") && JSON.stringify(kept) !== JSON.stringify(read(form))) {
      fill(form, kept);
      note("restored", true);
    }
    form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(read(form))));
    form.addEventListener("submit", (event) => {
      note("offline", !navigator.onLine);
      if (!navigator.onLine) event.preventDefault();
    });
  }
  // A later reload must not forget what is typed from now on.
  if (saved) history.replaceState(null, "", location.pathname + location.hash);

  // A phone that changed hands keeps nothing of the person before.
  const mine = document.querySelector("[data-keep]")?.dataset.keep.split("/")[0];
  for (const key of mine ? Object.keys(localStorage) : [])
    if (key.startsWith("keep/") && !key.startsWith(`keep/${mine}/`)) localStorage.removeItem(key);
}
