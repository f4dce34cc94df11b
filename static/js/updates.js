// Folds away the boxes that the chosen status does not ask for, and opens those that it often needs.
// A box that holds words stays.
(() => {
  "use strict";
  for (const block of document.querySelectorAll("[data-draft]")) {
    const show = () => {
      const chosen = block.querySelector("input[type=radio][data-asks]:checked");
      const asked = chosen ? chosen.dataset.asks.split(" ") : [];
      for (const box of block.querySelectorAll("[data-asked]")) {
        const field = box.querySelector("textarea, input");
        const isWrong = box.querySelector(".govuk-form-group--error");
        box.hidden = !asked.includes(box.dataset.asked) && !field.value.trim() && !isWrong;
      }
    };
    const more = block.querySelector("[data-opens-for]");
    block.addEventListener("change", ({ target }) => {
      show();
      // Only when a status is chosen: who folds it away again keeps it so.
      if (target.type === "radio" && more.dataset.opensFor.split(" ").includes(target.value)) more.open = true;
    });
    block.addEventListener("boxes-filled", show);
    show();
  }
  // A problem's link opens what is folded away.
  const open = () => {
    const box = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!box) return;
    box.closest("details")?.setAttribute("open", "");
    box.focus();
  };
  window.addEventListener("hashchange", open);
})();
