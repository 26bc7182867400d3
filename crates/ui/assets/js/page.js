// Theme, menu of narrow screens, rows, toasts.
on("submit", (event) => {
  if (!event.target.matches("[data-theme-toggle]")) return;
  event.preventDefault();
  const root = document.documentElement;
  const isDark =
    root.dataset.theme === "dark" ||
    (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "light" : "dark";
  remember("theme", root.dataset.theme);
});

// A transition between pages that is cut short is no error.
const letTransitionEnd = (event) => event.viewTransition?.ready.catch(() => {});
addEventListener("pageswap", letTransitionEnd);
addEventListener("pagereveal", letTransitionEnd);

// Leaving a page breaks off what it fetches, and the browser says so in the page's last moments, in which nothing is wrong. A
// failure is told a moment later: a page that was left is gone by then.
const TELL_FAILURE_AFTER_MS = 250;
on("htmx:config:request", (event) => {
  event.detail.ctx.fetch = (...asked) =>
    fetch(...asked).catch(async (error) => {
      await new Promise((tell) => setTimeout(tell, TELL_FAILURE_AFTER_MS));
      throw error;
    });
});

// A form that is on its way is not sent again.
on("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => findAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

const menuButton = find("[data-nav]");
const menu = find("#nav");
function showMenu(isOpen) {
  menu.toggleAttribute("data-open", isOpen);
  if (isOpen) menu.focus();
  else menuButton.focus();
}
on("click", (event) => {
  if (event.target.closest("[data-nav]")) {
    event.preventDefault();
    showMenu(!menu.hasAttribute("data-open"));
  } else if (menu?.hasAttribute("data-open") && !event.target.closest("#nav, [popover], dialog")) {
    showMenu(false);
  }
  if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
});
setTimeout(() => find(".toast:not(.bad, .warn, :hover, :focus-within)")?.remove(), 8000);

// A click anywhere in a row is a click on its link.
on("click", (event) => {
  const row = event.target.closest("tr.row");
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  if (!row || !isPlain || event.target.closest("button, input, select, label, a:not(.cell)")) return;
  if (String(getSelection())) return;
  if (row.dataset.peek && find("#peek")) {
    event.preventDefault();
    peek(row);
  } else if (!event.target.closest("a")) {
    find("a.cell", row)?.click();
  }
});
