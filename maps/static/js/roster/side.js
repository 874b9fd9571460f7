/** What is chosen, with its map, beside the list; on a narrow screen the two take turns, and the tabs stay in sight. */

const NARROW = matchMedia("(width < 900px)");

export const isNarrow = () => NARROW.matches;

/** Call back when the screen becomes narrow or wide. */
export const onNarrow = (listener) => NARROW.addEventListener("change", listener);

/** @param back called when the list is wanted again; @returns {show({wide, open}), focus(), begin()} */
export function makeSide({ stage, detail, back }) {
  const begin = () => [detail, detail.parentElement].forEach((box) => (box.scrollTop = 0));
  const button = document.getElementById("back-to-list");
  button.addEventListener("click", back);
  return {
    /** `wide`: there is nothing beside the list; `open`: something is chosen. */
    show({ wide, open }) {
      stage.toggleAttribute("data-wide", wide);
      stage.toggleAttribute("data-open", open && !wide);
    },
    /** Something was chosen just now: it is read from its beginning. */
    focus() {
      begin();
      if (isNarrow()) button.focus({ preventScroll: true });
    },
    begin,
  };
}
