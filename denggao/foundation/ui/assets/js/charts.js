import * as echarts from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import langZH from "echarts/i18n/langZH-obj.js";
import themes from "./chart-theme.json";

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);
echarts.registerLocale("ZH", langZH);

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* Reads the table named by `table`: first column the label, `data-new` and `data-total` on its rows, empty where withheld. */
function draw(element) {
  const table = document.getElementById(element.getAttribute("table"));
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr[data-label]")];
  const number = (text) => (text === "" || text === undefined ? null : Number(text));
  const labels = rows.map((row) => row.dataset.label);
  const added = rows.map((row) => number(row.dataset.new));
  const total = rows.map((row) => number(row.dataset.total));
  const before = total.map((value, index) => (value === null || added[index] === null ? value : value - added[index]));
  const names = { before: element.getAttribute("label-before"), added: element.getAttribute("label-new") };

  let plot = element.querySelector(".plot");
  if (!plot) {
    plot = document.createElement("div");
    plot.className = "plot";
    element.append(plot);
  }
  element.querySelector("svg.ch")?.setAttribute("hidden", "");
  echarts.getInstanceByDom(plot)?.dispose();
  const chart = echarts.init(plot, themes[dark.matches ? "dark" : "light"], {
    renderer: "svg",
    locale: document.documentElement.lang.startsWith("zh") ? "ZH" : "EN",
  });
  const grouped = document.documentElement.lang.startsWith("zh") ? (value) => String(value) : (value) => value.toLocaleString("en");
  chart.setOption({
    aria: { enabled: true },
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 8, right: 8, top: 16, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: labels, axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { formatter: grouped } },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value === null || value === undefined ? "–" : grouped(value)) },
    series: [
      { name: names.before, type: "bar", stack: "all", data: before, itemStyle: { color: token("--dg-lake-soft") }, barCategoryGap: "4%" },
      { name: names.added, type: "bar", stack: "all", data: added, itemStyle: { color: token("--dg-c1") } },
    ],
  });
  if (!element.dataset.watched) {
    element.dataset.watched = "yes";
    new ResizeObserver(() => echarts.getInstanceByDom(plot)?.resize()).observe(element);
    dark.addEventListener("change", () => draw(element));
  }
}

window.denggaoCharts = { draw };
