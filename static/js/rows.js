// j and k move between the rows of a page's lists; Enter then opens the row as for any link.
// Works only while a row has the focus, so that no other typing is caught (WCAG 2.1.4).
"use strict";
{
  const rows = Array.from(document.querySelectorAll("[data-row]"));
  const steps = { j: 1, k: -1 };

  document.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const here = event.target.closest?.("tr")?.querySelector("[data-row]");
    const at = rows.indexOf(here);
    const isTyping = event.target.closest?.("input, select, textarea");
    if (!step || at < 0 || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = rows[at + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  // On opening, the first thing to do is under the cursor; a chosen filter keeps the focus free.
  if (rows.length && !location.search && !location.hash) rows[0].focus({ preventScroll: true });
}
