// Copies what the pages need out of node_modules into assets/vendor, and builds the icon sprite.
// Run by `make assets`, after `npm ci --ignore-scripts`.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "..", "assets", "vendor");
const packages = join(here, "node_modules");

const files = {
  "htmx.js": "htmx.org/dist/htmx.min.js",
  "hx-sse.js": "htmx.org/dist/ext/hx-sse.min.js",
  "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "inter-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
  "mono.woff2": "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
};

// One <symbol> for each name in icons.txt; the stroke is set by the style sheet.
function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split(/\s+/).filter(Boolean);
  const symbols = names.map((name) => {
    const svg = readFileSync(join(packages, "lucide-static/icons", `${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.indexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

mkdirSync(vendor, { recursive: true });
for (const [name, source] of Object.entries(files)) copyFileSync(join(packages, source), join(vendor, name));
writeFileSync(join(vendor, "icons.svg"), sprite());
