// Says that a session will end, before it does; without script a line at the foot of the page says when.
"use strict";
{
  const note = document.getElementById("session-note");
  const idle = Number(note.dataset.idle) * 1000;
  const last = Number(note.dataset.ends) * 1000;
  const early = Math.min(2 * 60 * 1000, idle / 2);
  const key = "session/seen"; // shared by the tabs of one browser
  const seen = () => Math.max(Number(localStorage.getItem(key)), loaded);
  const loaded = Date.now();
  const stay = note.querySelector("button");
  localStorage.setItem(key, loaded);

  const look = () => {
    const left = Math.min(seen() + idle, last) - Date.now();
    const isNear = left <= early;
    note.querySelector("[data-soon]").hidden = !isNear || left <= 0;
    note.querySelector("[data-over]").hidden = left > 0;
    stay.hidden = left <= 0 || last - Date.now() <= early;
    if (isNear && !note.open) note.show();
    if (!isNear && note.open) note.close();
  };
  const goOn = async () => {
    const answer = await fetch(note.dataset.address, { redirect: "manual" });
    if (answer.ok) localStorage.setItem(key, Date.now());
    look();
  };
  stay.addEventListener("click", goOn);
  // Who types works, though nothing is sent.
  document.addEventListener("input", () => Date.now() - seen() > idle / 4 && goOn());
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
}
