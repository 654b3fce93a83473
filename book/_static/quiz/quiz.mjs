// A prediction is committed before it is answered: radio buttons or a field for a number; the output of the next cell
// and the sentences right below it are covered until the reader has committed, or asked to see them. Nothing is stored,
// and nothing is sent.
// The page itself holds the question, the choices and the answers: for print, and where scripts do not run.

const html = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const copied = (element) => [...element.childNodes].map((node) => node.cloneNode(true));

/** The output of the next cell that has one, if no heading and no other prediction stands before it. */
const nextOutput = (form) => {
  const stops = "h1, h2, h3, h4, h5, h6, form.predict, div.cell_output";
  const next = [...document.querySelectorAll("article :is(" + stops + ")")].find(
    (element) => form.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return next?.matches("div.cell_output") ? next : null;
};

/** What stands between a cell's output and the next cell, heading or question: it says what came out. */
const sentencesBelow = (output) => {
  const found = [];
  let next = output.closest("div.cell")?.nextElementSibling;
  while (next?.matches("p, ul, ol, blockquote, div.math, div.pst-scrollable-table-container")) {
    found.push(next);
    next = next.nextElementSibling;
  }
  return found;
};

/** Covers an output and what is said of it on screens; the function that is returned uncovers them. */
const cover = (output) => {
  const covered = [output, ...sentencesBelow(output)];
  const lid = html("p", { class: "predict-lid" }, "What comes out is covered until you have committed to an answer.");
  output.before(lid);
  covered.forEach((element) => element.classList.add("predict-covered"));
  const uncover = () => {
    lid.remove();
    covered.forEach((element) => element.classList.remove("predict-covered"));
  };
  const asked = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && covered.some((element) => element.contains(target))) {
      uncover(); // a link leads to it
      target.scrollIntoView();
    }
  };
  asked();
  window.addEventListener("hashchange", asked);
  return uncover;
};

/** Makes radio buttons of the choices; the function that is returned says which answers belong to the chosen one. */
const choices = (form, answers, number) => {
  const inputs = [...form.querySelectorAll(".predict-choices > li")].map((item, k) => {
    const input = html("input", { type: "radio", name: `predict-${number}`, value: k, required: "" });
    const text = html("span", {}, ...item.childNodes);
    item.append(html("label", {}, input, text));
    return input;
  });
  form.reset(); // a browser that went back remembers what was chosen
  return () => {
    const chosen = answers[inputs.findIndex((input) => input.checked)];
    const right = answers.find((answer) => answer.dataset.right === "true");
    return [...new Set([chosen, right])].map((answer) => html("span", {}, ...copied(answer)));
  };
};

/** Makes a field for a number; the function that is returned says how the answer stands to it. */
const field = (form, answers) => {
  const input = html("input", { type: "number", step: "any", required: "", autocomplete: "off" });
  const label = html("label", {}, "Your guess ", input, ` ${form.dataset.unit ?? ""}`);
  form.querySelector("fieldset").append(html("p", { class: "predict-number" }, label));
  return () => {
    const off = input.valueAsNumber - Number(form.dataset.number);
    const near = Math.abs(off) <= Number(form.dataset.tolerance ?? 0);
    const verdict = near ? "Right: " : off > 0 ? "Too high: " : "Too low: ";
    return [html("span", {}, verdict, ...copied(answers[0]))];
  };
};

const start = (form, number) => {
  const fold = form.querySelector(".predict-answers");
  const answers = [...fold.querySelectorAll("li")];
  const answered = (form.dataset.number === undefined ? choices : field)(form, answers, number);
  const said = html("output", { class: "predict-said", "aria-live": "polite", tabindex: "-1" });
  const skip = html("button", { type: "button" }, "Show without guessing");
  const buttons = html("div", { class: "predict-buttons" }, html("button", { type: "submit" }, "Commit"), skip);
  form.querySelector("fieldset").append(buttons);
  fold.before(said);
  const output = form.dataset.open === undefined ? nextOutput(form) : null;
  const uncover = output ? cover(output) : () => {};
  const show = () => {
    uncover();
    skip.remove();
    form.classList.add("predict-done");
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    said.replaceChildren(...answered());
    show();
  });
  skip.addEventListener("click", () => {
    fold.open = true;
    show();
    fold.querySelector("summary").focus();
  });
  form.dataset.ready = "true";
};

document.querySelectorAll("form.predict").forEach(start);
