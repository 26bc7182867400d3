// The crosshair of a time chart, by pointer and by arrow keys.
const chartData = new WeakMap();

function dataOf(chart) {
  const known = chartData.get(chart);
  if (known?.source === chart.dataset.chart) return known;
  const data = { ...JSON.parse(chart.dataset.chart), source: chart.dataset.chart };
  chartData.set(chart, data);
  return data;
}

function showPoint(chart, index) {
  const data = dataOf(chart);
  const last = data.labels.length - 1;
  if (last < 1) return;
  data.index = Math.max(0, Math.min(last, index));
  const left = (data.index / last) * 100;
  const plot = find(".plot", chart);
  find(".cross", plot).style.left = `${left}%`;
  findAll(".pt", plot).forEach((point, place) => {
    point.style.left = `${left}%`;
    point.style.bottom = `${(data.series[place].values[data.index] / data.max) * 100}%`;
  });
  const tip = find(".tip", chart);
  const rows = data.series.map((series) => {
    const row = element("div");
    row.append(element("span", `sw f-${series.tone}`), series.name, element("b", "", series.values[data.index]));
    return row;
  });
  tip.replaceChildren(element("span", "muted", data.labels[data.index]), ...rows);
  const offset = plot.offsetLeft + (left / 100) * plot.offsetWidth;
  tip.style.transform = `translate(${offset + (left > 65 ? -tip.offsetWidth - 12 : 12)}px, 8px)`;
  chart.classList.add("on");
}

on("pointermove", (event) => {
  const chart = event.target.closest?.(".tc");
  for (const other of findAll(".tc.on")) if (other !== chart) other.classList.remove("on");
  if (!chart) return;
  const box = find(".plot", chart).getBoundingClientRect();
  showPoint(chart, Math.round(((event.clientX - box.left) / box.width) * (dataOf(chart).labels.length - 1)));
});
on("keydown", (event) => {
  const chart = event.target.closest?.(".tc");
  if (!chart || !/^Arrow(Left|Right)$/.test(event.key)) return;
  event.preventDefault();
  const data = dataOf(chart);
  showPoint(chart, (data.index ?? data.labels.length) + (event.key === "ArrowLeft" ? -1 : 1));
});
on("focusout", (event) => event.target.closest?.(".tc")?.classList.remove("on"));
