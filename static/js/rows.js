// j and k move between the rows of a page's lists, e goes to the remark; Enter opens as for any link.
// Works only while a row has the focus, so that no other typing is caught (WCAG 2.1.4).
"use strict";
{
  const rows = Array.from(document.querySelectorAll("[data-row], [data-keys] a[href]"));
  const steps = { j: 1, k: -1 };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, select, textarea");
    const at = rows.findIndex((row) => (row.closest("tr") ?? row).contains(event.target));
    if (at < 0 || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = event.key === "e" ? document.querySelector("[data-remark]") : rows[at + steps[event.key]];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  // On opening, the first thing to do is under the cursor; a chosen filter keeps the focus free.
  const first = document.querySelector("[data-row]");
  if (first && !location.search && !location.hash) first.focus({ preventScroll: true });
}
