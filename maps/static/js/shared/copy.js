/** Copying, also where the page came over plain http and the browser keeps its clipboard API to itself. */

/** @returns whether it is now in the clipboard */
export async function copyText(value) {
  if (navigator.clipboard) {
    const done = await navigator.clipboard.writeText(value).then(() => true, () => false);
    if (done) return true;
  }
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = value;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  return done;
}
