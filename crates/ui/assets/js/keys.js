// Keys. Single letters work only outside of fields, and not at all where they are switched off (WCAG 2.1.4).
const singleKeys = find("[data-single-keys]");
if (singleKeys) {
  singleKeys.checked = localStorage.getItem("single-keys") !== "off";
  singleKeys.addEventListener("change", () => localStorage.setItem("single-keys", singleKeys.checked ? "on" : "off"));
}

const CHORD_MS = 900;
let chordStarted = -CHORD_MS;

function follow(shortcut) {
  const option = palette && find(`[data-shortcut="${CSS.escape(shortcut)}"]`, palette);
  if (option) location.href = option.dataset.href;
  return Boolean(option);
}

function step(key) {
  const neighbour = find(`a[data-key="${key}"]`);
  if (neighbour) return neighbour.click();
  const rows = findAll("tr.row");
  const current = rows.findIndex((row) => row.ariaSelected === "true" || row.contains(document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, current + (key === "j" ? 1 : -1)))];
  if (!next) return;
  if (find("#peek")?.firstElementChild) peek(next);
  find("a.cell", next)?.focus();
}

const actions = {
  "/": () => find("main input[type=search]")?.focus(),
  "?": () => find("#keys")?.togglePopover(),
  ".": () => togglePause(),
  j: () => step("j"),
  k: () => step("k"),
};

on("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.key === "Escape" && !event.target.closest("dialog, [popover]")) {
    if (menu?.hasAttribute("data-open")) showMenu(false);
    else closePeek();
  }
  const isTyping = event.target.closest("input, textarea, select, dialog, audio");
  if (isTyping || event.metaKey || event.ctrlKey || event.altKey || singleKeys?.checked === false) return;
  const inChord = performance.now() - chordStarted < CHORD_MS;
  chordStarted = event.key === "g" ? performance.now() : -CHORD_MS;
  if (event.key === "g") return;
  if (inChord ? follow(`g ${event.key}`) : follow(event.key)) event.preventDefault();
  else if (!inChord && actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  }
});
