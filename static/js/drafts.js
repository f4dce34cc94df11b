// Saves what is typed as a draft, within five seconds while connected. Where a save fails the words
// stay on the page, the page says so, and it tries again. Nothing is kept on the device.
(() => {
  "use strict";
  const form = document.querySelector("form[data-update-form]");
  if (!form) return;
  const PAUSE = 1500; // after the last key
  const LONGEST = 3500; // while keys go on being pressed
  const WAITS = [2000, 4000, 8000, 15000, 30000];
  const TOO_LONG = 15000; // for an answer
  const CARRIED = ["csrfmiddlewaretoken", "submission"];
  let isLeaving = false;

  // It changes when somebody signs in again in another tab, so it is read afresh each time.
  const readToken = () => {
    const name = `${form.dataset.csrfCookie}=`;
    const cookie = document.cookie.split("; ").find((one) => one.startsWith(name));
    return cookie ? decodeURIComponent(cookie.slice(name.length)) : "";
  };

  const PROBLEMS = {
    away: "Not saved: the dashboard cannot be reached. Your words are still on this page, and saving is tried again by itself.",
    "signed-out": "Not saved: you have been signed out.",
    "somebody-else": "Not saved: somebody else is signed in now. Sign in as yourself, and it is saved.",
    "too-long": "Not saved: one of the boxes holds too many words. Make it shorter.",
    refused: "Not saved: you may no longer say how this action stands. Copy your words before you leave this page.",
    newer: "Not saved: you saved other words in another window. Choose which to keep.",
  };
  // What another try may mend.
  const PASSING = ["away", "signed-out", "somebody-else"];

  class Draft {
    constructor(block) {
      this.block = block;
      this.prefix = block.dataset.prefix ? `${block.dataset.prefix}-` : "";
      this.said = block.querySelector("[data-draft-said]");
      this.problem = block.querySelector("[data-draft-problem]");
      this.newer = block.querySelector("[data-newer-draft]");
      this.saved = this.read();
      this.tries = 0;
      block.addEventListener("input", () => this.typed());
      block.addEventListener("change", () => this.typed());
      this.newer.querySelector("[data-keep-these]").addEventListener("click", () => this.keepThese());
      this.newer.querySelector("[data-use-those]").addEventListener("click", () => this.useThose());
    }

    fields() {
      return [...this.block.querySelectorAll("input[name], textarea[name]")];
    }

    field(name) {
      return this.block.querySelector(`[name="${this.prefix}${name}"]`);
    }

    // What stands in the boxes, as one text to compare and to send.
    read() {
      const words = new URLSearchParams();
      for (const field of this.fields()) {
        const name = field.name.slice(this.prefix.length);
        const isOff = ["radio", "checkbox"].includes(field.type) && !field.checked;
        if (isOff || CARRIED.includes(name) || name === "revision") continue;
        words.append(name, field.value);
      }
      return words.toString();
    }

    get isUnsaved() {
      return this.read() !== this.saved;
    }

    typed() {
      if (!this.isUnsaved) return;
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.save(), PAUSE);
      this.longest ??= setTimeout(() => this.save(), LONGEST);
    }

    // Comes back with whether what stands in the boxes is saved. One save at a time.
    save() {
      this.saving = (this.saving ?? Promise.resolve()).then(() => this.saveNow());
      return this.saving;
    }

    // Before something is sent: whether nothing would be lost if sending failed.
    check() {
      return this.isUnsaved ? this.save() : Promise.resolve(true);
    }

    async saveNow() {
      clearTimeout(this.pause);
      clearTimeout(this.longest);
      clearTimeout(this.retry);
      this.longest = undefined;
      const words = this.read();
      if (words === this.saved) return true;
      const body = new URLSearchParams(words);
      body.append("revision", this.field("revision").value);
      const headers = { "X-CSRFToken": readToken(), "X-Requested-With": "fetch" };
      let answer;
      let content = {};
      try {
        answer = await fetch(this.block.dataset.draft, {
          method: "POST", body, headers, signal: AbortSignal.timeout(TOO_LONG),
        });
        const isData = (answer.headers.get("Content-Type") ?? "").includes("application/json");
        content = isData ? await answer.json() : { isPage: true };
      } catch {
        return this.failed("away");
      }
      // A page in the place of an answer is the sign-in page.
      if (answer.status === 401 || answer.redirected || (answer.ok && content.isPage)) {
        return this.failed("signed-out");
      }
      if (answer.status === 409) return this.showNewer(content);
      if (answer.status === 400 && content.problem) return this.failed(content.problem);
      if (answer.status === 403) return this.failed(content.problem ?? "refused");
      if (!answer.ok) return this.failed("away");
      this.field("revision").value = content.revision;
      this.saved = words;
      this.tries = 0;
      this.problem.hidden = true;
      const discard = form.querySelector("[data-discard]");
      if (discard) discard.hidden = !content.saved_at;
      this.say(content.saved_at ? `Saved as a draft at ${content.saved_at}` : "");
      if (this.isUnsaved) this.typed();
      return true;
    }

    // A screen reader reads what changes: the same words are not put in again.
    say(words) {
      if (this.said.textContent !== words) this.said.textContent = words;
    }

    failed(why) {
      this.say("");
      this.why = why;
      const words = this.problem.querySelector("[data-draft-problem-words]");
      if (this.problem.hidden || words.textContent !== PROBLEMS[why]) {
        words.textContent = PROBLEMS[why];
        this.problem.querySelector("[data-sign-in]").hidden =
          !["signed-out", "somebody-else"].includes(why);
        this.problem.hidden = false;
      }
      if (PASSING.includes(why)) {
        const wait = WAITS[Math.min(this.tries, WAITS.length - 1)];
        this.tries += 1;
        this.retry = setTimeout(() => this.save(), wait);
      }
      return false;
    }

    showNewer(content) {
      this.failed("newer");
      this.theirs = content;
      this.newer.querySelector("[data-newer-at]").textContent = content.saved_at;
      const lines = content.lines.flatMap(([label, words]) => {
        const term = document.createElement("dt");
        const said = document.createElement("dd");
        term.textContent = label;
        said.textContent = words;
        return [term, said];
      });
      this.newer.querySelector("[data-newer-lines]").replaceChildren(...lines);
      this.newer.hidden = false;
      return false;
    }

    keepThese() {
      this.field("revision").value = this.theirs.revision;
      this.newer.hidden = true;
      this.save();
    }

    useThose() {
      const words = this.theirs.words;
      for (const field of this.fields()) {
        const name = field.name.slice(this.prefix.length);
        if (field.type === "hidden") continue;
        const held = words[name];
        if (["radio", "checkbox"].includes(field.type)) {
          field.checked = Array.isArray(held) ? held.includes(field.value) : held === field.value;
        } else {
          field.value = held ?? "";
        }
      }
      this.field("revision").value = this.theirs.revision;
      this.newer.hidden = true;
      this.problem.hidden = true;
      this.saved = this.read();
      this.block.dispatchEvent(new Event("boxes-filled"));
      this.say(`These are the words of ${this.theirs.saved_at}`);
    }
  }

  const drafts = [...form.querySelectorAll("[data-draft]")].map((block) => new Draft(block));
  const saveAgain = () => {
    for (const draft of drafts) if (draft.isUnsaved && PASSING.includes(draft.why ?? "away")) draft.save();
  };
  window.addEventListener("online", saveAgain);
  // Back from signing in in another tab.
  window.addEventListener("focus", saveAgain);
  document.addEventListener("visibilitychange", () => document.hidden || saveAgain());

  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && drafts.some((draft) => draft.isUnsaved)) event.preventDefault();
  });
  // Back from the next page, with everything as it was left.
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });

  // Nothing is sent before it is saved: to a server that is away, or that has forgotten who is
  // here, the words would be lost.
  form.addEventListener("submit", async (event) => {
    for (const token of document.querySelectorAll("[name=csrfmiddlewaretoken]")) {
      token.value = readToken() || token.value;
    }
    const button = event.submitter;
    if (button?.value === "discard") isLeaving = true;
    if (isLeaving) return;
    event.preventDefault();
    if (form.dataset.isSending) return;
    form.dataset.isSending = "yes";
    const isSaved = await Promise.all(drafts.map((draft) => draft.check()));
    // While the event is still being told, a form cannot be sent once more.
    await new Promise((resolve) => setTimeout(resolve));
    delete form.dataset.isSending;
    if (isSaved.every(Boolean)) {
      isLeaving = true;
      form.requestSubmit(button);
      return;
    }
    const wrong = drafts[isSaved.indexOf(false)];
    wrong.problem.scrollIntoView({ block: "center" });
  });
})();
