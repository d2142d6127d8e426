// A form whose answer is fetched while one chooses: the same page that sending the form would give.
const WAIT = 250;

for (const form of document.querySelectorAll("form[data-swap]")) {
  let timer = 0;
  let number = 0;

  async function ask(event) {
    const own = ++number;
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    const address = form.action.split(/[?#]/)[0] + (query.size ? `?${query}` : "");
    const old = document.getElementById(form.dataset.swap);
    old.setAttribute("aria-busy", "true");
    const answer = await fetch(address).catch(() => null);
    if (own !== number) return;
    old.removeAttribute("aria-busy");
    if (!answer?.ok) return form.submit();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.dataset.swap);
    if (own !== number || !fresh) return;
    if (query.size && !answered(fresh, query)) return say(old, fresh.dataset.unanswered);
    const open = [...old.querySelectorAll("details")].map((part) => part.open);
    old.replaceWith(fresh);
    fresh.querySelectorAll("details").forEach((part, place) => { part.open = open[place] ?? part.open; });
    for (const link of document.head.querySelectorAll("link[rel=alternate][type]")) link.remove();
    document.head.append(...page.head.querySelectorAll("link[rel=alternate][type]"));
    history.replaceState(null, "", address);
    document.dispatchEvent(new Event("swapped"));
    if (event?.type === "submit") document.getElementById(form.dataset.swap).scrollIntoView();
  }

  // A server of plain files gives the page without an answer: nobody must take that for one.
  function answered(fresh, query) {
    const known = new URLSearchParams(fresh.dataset.query);
    return [...query].every(([key, value]) => {
      if (key === "days") return true;
      if (key === "words" || key === "without") return known.has(key) || !/[\p{L}\p{N}]/u.test(value);
      return key === "date" ? known.has("when") : key === "when" ? known.has(key) : known.getAll(key).includes(value);
    });
  }

  function say(old, words) {
    const note = document.createElement("p");
    note.className = "loud";
    note.textContent = words;
    old.prepend(note);
  }

  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); ask(event); });
}
