// One call beside the list; which one stands in the address.
async function peek(row) {
  select(row);
  await htmx.ajax("GET", `${row.dataset.peek}?panel=1`, { target: "#peek", swap: "innerHTML" });
  address((query) => query.set("peek", row.dataset.key));
  bindPlayers();
}

function select(row) {
  findAll("tr[aria-selected]").forEach((other) => other.removeAttribute("aria-selected"));
  row?.setAttribute("aria-selected", "true");
  row?.scrollIntoView({ block: "nearest" });
}

function closePeek() {
  const panel = find("#peek");
  if (!panel?.firstElementChild) return;
  const row = find('tr[aria-selected="true"]');
  panel.replaceChildren();
  select(null);
  if (row) find("a.cell", row)?.focus({ preventScroll: true });
  address((query) => query.delete("peek"));
}

function address(change) {
  const here = new URL(location);
  change(here.searchParams);
  history.replaceState(history.state, "", here);
}

on("click", (event) => {
  if (!event.target.closest("[data-close]")) return;
  event.preventDefault();
  closePeek();
});
