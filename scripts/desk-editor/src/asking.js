// Questions to the desk, and what leads from an answer to its line.
export async function ask(address, given) {
  const token = document.querySelector("meta[name=desk-token]").content;
  const answer = await fetch(address, { method: "POST", headers: { "X-Desk-Token": token }, body: new URLSearchParams(given) });
  const kind = answer.headers.get("content-type") ?? "";
  if (!kind.includes("json")) throw new Error(`${answer.status}`);
  return answer.json();
}

// One question at a time: what was typed meanwhile is asked next, and nothing between.
export function newest(work) {
  let isAsking = false, isDue = false;
  return async function again() {
    if (isAsking) { isDue = true; return; }
    isAsking = true;
    try { await work(); } catch { /* the desk has ended, or begins anew: the next letter asks again */ }
    isAsking = false;
    if (isDue) { isDue = false; again(); }
  };
}

export function lineButton(words, line) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.dataset.line = line;
  button.textContent = `${words.line} ${line}`;
  return button;
}
