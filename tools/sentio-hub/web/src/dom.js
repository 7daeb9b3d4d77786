// The few ways in which this page writes into the document. Text goes in as text, never as markup.
const svg_space = "http://www.w3.org/2000/svg";

export const by_id = (id) => document.getElementById(id);

/** element("td", {class: "t", title: "..."}, "text or child", ...) */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svg_space, name), attributes, children);
}
function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Sets text only when it differs: an unchanged page is not laid out again. */
export function set_text(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
export function set_class(node, name) {
  if (node.getAttribute("class") !== name) node.setAttribute("class", name);
}
export function set_hidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}
