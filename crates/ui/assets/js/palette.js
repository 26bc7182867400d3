// The command palette: commands are filtered here, everything else is found by the server.
const palette = find("#palette");
const paletteInput = palette && find("input", palette);
const paletteOptions = () => findAll("[role=option]", palette).filter((option) => !option.hidden);

function openPalette() {
  if (!palette) return;
  if (!palette.open) palette.showModal();
  paletteInput.value = "";
  find("#palette-found").replaceChildren();
  filterCommands();
}

function filterCommands() {
  const words = paletteInput.value.trim().toLowerCase();
  for (const group of findAll("[data-commands]", palette)) {
    const options = findAll("[role=option]", group);
    for (const option of options) option.hidden = !find("span", option).textContent.toLowerCase().includes(words);
    group.hidden = options.every((option) => option.hidden);
  }
  choose(0);
}

function choose(index) {
  const chosen = paletteOptions()[index];
  for (const option of findAll("[role=option]", palette)) option.setAttribute("aria-selected", option === chosen);
  paletteInput.removeAttribute("aria-activedescendant");
  if (!chosen) return;
  chosen.id ||= `option-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  paletteInput.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

const chosenPlace = () => paletteOptions().findIndex((option) => option.ariaSelected === "true");

paletteInput?.addEventListener("input", filterCommands);
// What was found comes below the commands: whoever has chosen one of these meanwhile keeps it.
palette?.addEventListener("htmx:after:swap", () => choose(Math.max(chosenPlace(), 0)));
palette?.addEventListener("keydown", (event) => {
  const options = paletteOptions();
  const current = chosenPlace();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (options.length) choose((current + step + options.length) % options.length);
  } else if (event.key === "Enter" && options[current]) {
    event.preventDefault();
    location.href = options[current].dataset.href;
  }
});
palette?.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) location.href = option.dataset.href;
  else if (event.target === palette) palette.close();
});
on("click", (event) => {
  if (!event.target.closest("[data-palette]")) return;
  event.preventDefault();
  openPalette();
});
