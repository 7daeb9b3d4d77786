// The hub's token comes once in the address after "#token=", which no server and no log ever sees, and is kept
// for this tab only.
const key = "sentio-token";

export function take_token() {
  const words = new URLSearchParams(location.hash.slice(1));
  if (words.has("token")) {
    keep_token(words.get("token"));
    words.delete("token");
    const rest = words.toString();
    history.replaceState(null, "", location.pathname + location.search + (rest ? `#${rest}` : ""));
  }
}

export function keep_token(text) {
  try {
    sessionStorage.setItem(key, text.trim());
  } catch {
    // Storage is switched off: asked for again after a reload.
  }
}

export function token() {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
