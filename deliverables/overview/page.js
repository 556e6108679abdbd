"use strict";
// The page is whole without this script: it filters, finds, and opens what is printed or linked to.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const documents = all("[data-state]");

  const contracts = all("[data-contract]");
  let wanted = "";
  let words = "";

  const ofState = () => wanted !== "" && !wanted.startsWith("is-"); // is-… picks contracts alone

  const show = () => {
    for (const row of documents) {
      row.hidden = ofState() && row.dataset.state !== wanted;
    }
    for (const group of all("[data-group]")) {
      const any = all("[data-state]", group).some((row) => !row.hidden);
      group.hidden = !any;
      if (ofState() && any) {
        group.open = true;
      }
    }
    for (const one of contracts) {
      const inState = wanted === "" || one.dataset.states.split(" ").includes(wanted);
      const found = words.split(/\s+/).every((word) => one.dataset.words.includes(word));
      one.hidden = !(inState && found);
    }
    const status = document.getElementById("shown");
    const shown = all(status.dataset.of).filter((one) => !one.closest("[hidden]")).length;
    status.textContent = wanted || words.trim() ? `${status.dataset.label} ${shown}` : "";
  };

  for (const list of all("[data-filter]")) {
    for (const chip of all("[data-pick]", list)) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = chip.className;
      button.append(...chip.childNodes);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        wanted = wanted === chip.dataset.pick ? "" : chip.dataset.pick;
        for (const other of all("button", list)) {
          other.setAttribute("aria-pressed", String(other === button && wanted !== ""));
        }
        show();
      });
      chip.replaceWith(button);
    }
  }

  const search = document.getElementById("search");
  if (search) {
    search.closest("[hidden]").hidden = false;
    search.addEventListener("input", () => {
      words = search.value.toLowerCase();
      show();
    });
  }

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    if (target) {
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((fold) => { fold.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((fold) => { fold.open = false; }));
})();
