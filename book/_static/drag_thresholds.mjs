// A threshold for each group, live: who gets a loan, both error rates, and the profit in percent of the most.
import { digits, drawing, handle, html, numbers, open, path, slider, svg } from "./drag.mjs";

// {thresholds, gain, cost, most, groups: [{name, colour, positives, negatives, fpr, tpr}], presets: {name: [rule]}},
// all rates at thresholds that rise; a rule is {place, said, fpr, tpr}, its rates those of its coins.
const given = numbers("thresholds");
const { thresholds, groups, presets } = given;
const last = thresholds.length - 1;

const plot = drawing({
  label: "",
  width: 360,
  height: 330,
  xlabel: "FPR: with a loan, of those who do not repay",
  ylabel: "TPR: with a loan, of those who repay",
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
});
const state = groups.map(() => null);
const plain = (k, place) => ({
  place,
  said: `${thresholds[place]}`,
  fpr: groups[k].fpr[place],
  tpr: groups[k].tpr[place],
});

for (const { fpr, tpr, colour } of groups) {
  const points = [[0, 0], ...fpr.map((value, k) => [value, tpr[k]]).reverse()];
  plot.root.append(svg("path", { class: "drag-line", style: `stroke: ${colour}`, d: path(plot, points) }));
}
const sliders = groups.map(({ name, colour }, k) =>
  slider({
    id: `drag-${name}`,
    label: name,
    colour,
    min: 0,
    max: last,
    step: 1,
    value: 0,
    text: (place) => `from ${thresholds[place]}`,
    changed: (place) => set(k, plain(k, place)),
  }),
);
const nearest = (k, { x, y }) => {
  const far = groups[k].fpr.map((fpr, place) => (fpr - x) ** 2 + (groups[k].tpr[place] - y) ** 2);
  return far.indexOf(Math.min(...far));
};
const marks = groups.map(({ name, colour }, k) =>
  handle(plot, { colour, name, moved: (point) => set(k, plain(k, nearest(k, point))) }),
);

const cells = groups.map(() => ["selection", "tpr", "fpr"].map((name) => html("td", { "data-rate": name })));
const heads = ["group", "loans", "TPR", "FPR"].map((text) => html("th", { scope: "col" }, text));
const rows = groups.map(({ name }, k) => html("tr", {}, html("th", { scope: "row" }, name), ...cells[k]));
const table = html(
  "table",
  { class: "drag-table" },
  html("thead", {}, html("tr", {}, ...heads)),
  html("tbody", {}, ...rows),
);
const verdict = html("output", { class: "drag-said", "aria-live": "polite" });
const buttons = Object.entries(presets).map(([name, rules]) => {
  const button = html("button", { type: "button", "aria-pressed": "false" }, name);
  button.addEventListener("click", () => choose(name, rules));
  return button;
});

function set(k, rule) {
  state[k] = rule;
  sliders[k].show(rule.place, `from ${rule.said}`);
  for (const button of buttons) button.setAttribute("aria-pressed", "false");
  draw();
}

function choose(name, rules) {
  rules.forEach((rule, k) => {
    state[k] = rule;
    sliders[k].show(rule.place, `from ${rule.said}`);
  });
  for (const button of buttons) button.setAttribute("aria-pressed", `${button.textContent === name}`);
  draw();
}

function draw() {
  let profit = 0;
  state.forEach(({ fpr, tpr }, k) => {
    const { positives, negatives } = groups[k];
    profit += given.gain * positives * tpr - given.cost * negatives * fpr;
    const selection = (positives * tpr + negatives * fpr) / (positives + negatives);
    [selection, tpr, fpr].forEach((rate, column) => {
      cells[k][column].textContent = digits(rate);
    });
    marks[k].move(fpr, tpr);
  });
  verdict.textContent = `Profit: ${digits((100 * profit) / given.most, 1)}% of the most.`;
  const points = groups.map(({ name }, k) => `${name} ${digits(state[k].fpr, 2)}, ${digits(state[k].tpr, 2)}`);
  const label = "The ROC curves of the groups, with the point of each group's threshold on its curve.";
  plot.root.setAttribute("aria-label", `${label} FPR and TPR: ${points.join("; ")}. ${verdict.textContent}`);
}

const [first] = Object.entries(presets);
choose(...first);
open(
  "thresholds",
  html("div", { class: "drag-buttons", role: "group", "aria-label": "Rules" }, ...buttons),
  plot.root,
  html("div", { class: "drag-sliders" }, ...sliders.map(({ row }) => row)),
  table,
  verdict,
);
