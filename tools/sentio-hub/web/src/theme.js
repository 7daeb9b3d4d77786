// Dark and light: the system's choice until the person makes one, which is remembered.
import { set_text } from "./dom.js";

const key = "sentio-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const stored = () => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/** changed() is called whenever colours changed. */
export function start_theme(button, changed) {
  let chosen = stored();
  const show = () => {
    const now = chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = now;
    set_text(button.querySelector(".sign"), now === "dark" ? "☀" : "☾");
    set_text(button.querySelector(".word"), now === "dark" ? "light" : "dark");
    button.setAttribute("aria-label", `Change to ${now === "dark" ? "light" : "dark"} colours`);
    changed();
  };
  button.addEventListener("click", () => {
    chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(key, chosen);
    } catch {
      // Storage is switched off: the choice lasts as long as the page.
    }
    show();
  });
  dark.addEventListener("change", show);
  show();
}
