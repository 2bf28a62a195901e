import { fitProbe, predict, predictProba, toMatrix } from "softprobe";

const form = document.querySelector("form");
const { colour, name } = form.elements;
const said = document.querySelector("output");
const list = document.querySelector("ul");
const examples = [];
let probe = null;

/** Red, green and blue: where yours would be a model's embedding. */
const embed = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);

function tell() {
  if (!probe) return;
  const features = toMatrix([embed(colour.value)]);
  const share = Math.max(...predictProba(probe, features).data);
  said.textContent = `${predict(probe, features)[0]} (${Math.round(100 * share)} %)`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  examples.push({ hex: colour.value, label: name.value.trim() });
  const item = document.createElement("li");
  item.textContent = `${colour.value} is ${name.value.trim()}`;
  list.append(item);
  const labels = examples.map(({ label }) => label);
  // Two names are what it takes to tell one from another.
  if (new Set(labels).size > 1) probe = fitProbe(toMatrix(examples.map(({ hex }) => embed(hex))), labels, { C: 30 });
  tell();
});
colour.addEventListener("input", tell);
