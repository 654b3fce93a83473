// What the figures to drag share: numbers that a cell wrote into the page, sliders, and a drawing that follows them.
// A slider is the browser's own, so keyboard, touch and screen readers work; dragging in the drawing is one more way.
// The picture that the cell drew stays in the page: for print, and where scripts do not run.

const SVG = "http://www.w3.org/2000/svg";

const made = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** An HTML element. */
export const html = (tag, attributes = {}, ...children) => made(document.createElement(tag), attributes, children);

/** An element of a drawing. */
export const svg = (tag, attributes = {}, ...children) => made(document.createElementNS(SVG, tag), attributes, children);

/** The numbers that a cell of this page wrote for a figure. */
export const numbers = (name) => JSON.parse(document.querySelector(`script[data-drag="${name}"]`).textContent);

/** Three digits, as the printed numbers of the pages have them. */
export const digits = (value, count = 3) => value.toFixed(count);

/**
 * A labelled slider with its value in words.
 * @param text what to write, and to say, for a value.
 * @param changed called with the value when the reader moves it.
 * @returns {{row: Element, value: number, show: Function}} show(value, words) moves it without calling `changed`.
 */
export const slider = ({ id, label, colour, min, max, step, value, text, changed }) => {
  const words = html("output", { for: id });
  const input = html("input", { id, type: "range", min, max, step, autocomplete: "off" });
  const name = html("label", { for: id }, label);
  if (colour) name.prepend(html("span", { class: "drag-swatch", style: `background: ${colour}`, "aria-hidden": true }));
  const show = (to, said = text(to)) => {
    input.value = to;
    words.textContent = said;
    input.setAttribute("aria-valuetext", said);
  };
  input.addEventListener("input", () => {
    show(input.valueAsNumber);
    changed(input.valueAsNumber);
  });
  show(value);
  return {
    row: html("div", { class: "drag-slider" }, name, input, words),
    show,
    get value() {
      return input.valueAsNumber;
    },
  };
};

/** A drawing with axes from 0 to `right` and 0 to `top`: `x` and `y` give the place of a value, `at` the reverse. */
export const drawing = ({ label, width, height, right = 1, top = 1, xlabel, ylabel, ticks, yticks = ticks }) => {
  const edge = { left: 52, right: 12, top: 12, bottom: 42 };
  const x = (value) => edge.left + ((width - edge.left - edge.right) * value) / right;
  const y = (value) => height - edge.bottom - ((height - edge.top - edge.bottom) * value) / top;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  root.append(svg("path", { class: "drag-axis", d: `M${x(0)} ${y(top)}V${y(0)}H${x(right)}` }));
  for (const tick of ticks) {
    root.append(svg("text", { x: x(tick), y: y(0) + 17, "text-anchor": "middle" }, `${tick}`));
  }
  for (const tick of yticks) {
    root.append(svg("text", { x: x(0) - 7, y: y(tick) + 5, "text-anchor": "end" }, `${tick}`));
  }
  const middle = { x: x(right / 2), y: height - 7, "text-anchor": "middle" };
  const turned = { transform: `translate(12 ${y(top / 2)}) rotate(-90)`, "text-anchor": "middle" };
  root.append(svg("text", middle, xlabel), svg("text", turned, ylabel));
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
    return {
      x: ((point.x - edge.left) / (width - edge.left - edge.right)) * right,
      y: ((height - edge.bottom - point.y) / (height - edge.top - edge.bottom)) * top,
    };
  };
  return { root, x, y, at };
};

/** The path through points, in the places of a drawing. */
export const path = ({ x, y }, points) => points.map(([a, b], k) => `${k ? "L" : "M"}${x(a)} ${y(b)}`).join("");

/** Black or white: what can be read on a colour such as "#0072B2". */
const ink = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
  return 0.3 * red + 0.59 * green + 0.11 * blue > 120 ? "#000" : "#fff";
};

/** A point to drag: a mark with a letter, and around it room for a finger. `moved` gets the place under the pointer. */
export const handle = (plot, { colour, name, moved }) => {
  const mark = svg("circle", { class: "drag-mark", r: 8, fill: colour });
  const letter = svg("text", { class: "drag-letter", y: 4, "text-anchor": "middle", fill: ink(colour) }, name[0]);
  const grip = svg("circle", { class: "drag-grip", r: 20, "data-handle": name });
  const group = svg("g", {}, mark, letter, grip);
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    event.preventDefault(); // no text is selected on the way
  });
  grip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // the page stays
  grip.addEventListener("pointermove", (event) => {
    if (grip.hasPointerCapture(event.pointerId)) moved(plot.at(event));
  });
  plot.root.append(group);
  return { move: (a, b) => group.setAttribute("transform", `translate(${plot.x(a)} ${plot.y(b)})`) };
};

/** Put the parts in the place of the picture of the figure `fig-NAME-drag`, on screens. */
export const open = (name, ...parts) => {
  const figure = document.getElementById(`fig-${name.replaceAll("_", "-")}-drag`);
  figure.prepend(html("div", { class: "drag", "data-ready": name }, ...parts));
  figure.classList.add("dragged");
};
