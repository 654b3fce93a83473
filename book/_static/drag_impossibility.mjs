// The forced false-positive rate: FPR = p / (1 - p) (1 - PPV) / PPV (1 - FNR), for two groups that share PPV and FNR.
import { digits, drawing, handle, html, numbers, open, path, slider, svg } from "./drag.mjs";

const given = numbers("impossibility"); // {groups: [{name, colour, base_rate}], ppv, fnr}
const forced = (p, ppv, fnr) => (((p / (1 - p)) * (1 - ppv)) / ppv) * (1 - fnr);
const [LOW, HIGH] = [0.01, 0.99];

const plot = drawing({
  label: "",
  width: 360,
  height: 270,
  top: 1.2,
  xlabel: "base rate p",
  ylabel: "forced FPR",
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
});
const nobody = svg("rect", { class: "drag-zone", x: plot.x(0), y: plot.y(1.2), width: plot.x(1) - plot.x(0) });
nobody.setAttribute("height", plot.y(1) - plot.y(1.2));
const curve = svg("path", { class: "drag-line" });
const verdict = html("output", { class: "drag-said", "aria-live": "polite" });
plot.root.append(nobody, svg("text", { x: plot.x(0.03), y: plot.y(1.07) }, "no such decision"), curve);

const inside = (value) => Math.min(HIGH, Math.max(LOW, Math.round(value * 100) / 100));
const control = (id, label, value, colour) =>
  slider({
    id: `drag-${id}`, label, colour, value, min: LOW, max: HIGH, step: 0.01, text: (v) => digits(v, 2), changed: draw,
  });
const rates = given.groups.map(({ name, colour, base_rate }) => control(name, `base rate, ${name}`, base_rate, colour));
const ppv = control("ppv", "PPV of both", given.ppv);
const fnr = control("fnr", "FNR of both", given.fnr);
const names = given.groups.map(({ name, colour }) => {
  const text = svg("text", { "text-anchor": "end" }, name);
  plot.root.append(text);
  return { name, colour, text };
});
const marks = names.map(({ name, colour }, k) =>
  handle(plot, {
    colour,
    name,
    moved: ({ x }) => {
      rates[k].show(inside(x));
      draw();
    },
  }),
);

function draw() {
  const points = [];
  for (let p = 0; p < 1; p += 0.005) {
    const fpr = forced(p, ppv.value, fnr.value);
    points.push([p, Math.min(fpr, 1.2)]);
    if (fpr > 1.2) break;
  }
  curve.setAttribute("d", path(plot, points));
  const said = names.map(({ name, text }, k) => {
    const p = rates[k].value;
    const fpr = forced(p, ppv.value, fnr.value);
    const height = Math.min(fpr, 1.2);
    marks[k].move(p, height);
    text.setAttribute("x", plot.x(p) - 12);
    text.setAttribute("y", plot.y(height) - 8);
    text.setAttribute("text-anchor", p < 0.25 ? "start" : "end");
    return `${name} ${fpr > 1 ? `${digits(fpr)}, impossible` : digits(fpr)}`;
  });
  const [a, b] = rates.map((rate) => forced(rate.value, ppv.value, fnr.value));
  const gap = a > 1 || b > 1 ? "" : `; gap ${digits(Math.abs(a - b))}`;
  verdict.textContent = `Forced FPR: ${said.join("; ")}${gap}.`;
  const label = "A rising curve, the forced false-positive rate against the base rate, with a point for each group.";
  plot.root.setAttribute("aria-label", `${label} ${verdict.textContent}`);
}

draw();
open(
  "impossibility",
  plot.root,
  html("div", { class: "drag-sliders" }, ...rates.map(({ row }) => row), ppv.row, fnr.row),
  verdict,
);
