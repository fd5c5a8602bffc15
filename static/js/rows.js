// j and k move between the rows of a page's lists, e goes to the remark, ? tells of the keys; Enter opens
// as for any link. Works only while a row, or what it opened, has the focus (WCAG 2.1.4).
"use strict";
{
  const rows = Array.from(document.querySelectorAll("[data-row], [data-keys] a[href], [data-keys] button"));
  const steps = { j: 1, k: -1 };
  const current = rows.findIndex((row) => row.matches("[aria-current]"));
  const place = (target) => {
    const at = rows.findIndex((row) => (row.closest("tr") ?? row).contains(target));
    return at < 0 && target.closest?.("[data-opened]") ? current : at;
  };
  const help = document.querySelector("[data-help]");

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, select, textarea");
    const at = place(event.target);
    if (at < 0 || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = event.key === "e" ? document.querySelector("[data-remark]") : rows[at + steps[event.key]];
    const isHelp = event.key === "?" && help;
    if (!next && !isHelp) return;
    event.preventDefault();
    if (isHelp) help.open = !help.open;
    else next.focus();
  });

  // On opening, what is open or the first thing to do is under the cursor; a chosen filter, and what
  // asks for the focus itself, keep it free.
  const isTaken = location.hash || document.querySelector("[autofocus]");
  const first = rows[current] ?? (location.search ? null : document.querySelector("[data-row]"));
  if (first && !isTaken) first.focus({ preventScroll: true });
}
