// Live pages: how fresh they are, numbers that changed, timers that run between messages.
const chip = find("#livechip");
const stream = find("#live");
const STALE_AFTER_MS = stream ? 5000 : 15000;
let lastMessage = 0;
let isPaused = false;

function say(state, text) {
  const words = chip && find("[data-live-text]", chip);
  if (!words || (chip.dataset.state === state && words.textContent === text)) return;
  chip.dataset.state = state;
  words.textContent = text;
}

function fresh() {
  lastMessage = performance.now();
  if (!isPaused) say("live", "Live");
}

function togglePause() {
  if (!chip) return;
  isPaused = !isPaused;
  say(isPaused ? "off" : "live", isPaused ? "Paused" : "Live");
}

if (chip && !stream) fresh();
on("htmx:sse:after:connection", fresh);
on("htmx:sse:after:message", fresh);
on("htmx:after:swap", () => !stream && fresh());
// The server says so when this person may not look any more; the page then says why.
on("bye", () => location.reload());
on("htmx:sse:error", () => say("stale", "Reconnecting"));
on("htmx:sse:before:message", (event) => isPaused && event.preventDefault());
on("htmx:before:swap", (event) => isPaused && event.target.matches?.("[hx-trigger^=every]") && event.preventDefault());
setInterval(() => {
  const age = performance.now() - lastMessage;
  if (lastMessage && !isPaused && age > STALE_AFTER_MS) say("stale", `Data is ${Math.round(age / 1000)} s old`);
}, 1000);

// A stream that once ran comes back by itself; one whose first request failed has to be asked for again.
if (stream)
  setInterval(() => performance.now() - lastMessage > STALE_AFTER_MS && htmx.trigger(stream, "reconnect"), 3000);

// A number that changed is tinted for a moment, unless the person wants nothing to move.
const main = find("#main");
if (main && matchMedia("(prefers-reduced-motion: no-preference)").matches) {
  new MutationObserver((changes) => {
    for (const change of changes) {
      const number = change.target.parentElement?.closest("[data-num]");
      number?.animate([{ color: "var(--accent-fg)" }, {}], { duration: 900, easing: "ease-out" });
    }
  }).observe(main, { characterData: true, subtree: true });
}

// The server sends when a call began; the seconds are counted here, on the clock of the page.
const clock = stream && { now: +stream.dataset.now, speed: +stream.dataset.speed, at: performance.now() };
function tick() {
  const now = clock.now + (performance.now() - clock.at) * clock.speed;
  for (const cell of findAll("[data-since]")) {
    const text = timeText(Math.max(0, now - cell.dataset.since) / 1000);
    if (cell.textContent !== text) cell.textContent = text;
  }
}
if (clock) {
  tick();
  setInterval(tick, Math.max(100, 1000 / clock.speed));
  on("htmx:after:swap", tick);
  on("htmx:sse:after:message", tick);
}
