// "Your municipality" on the front page: remembered in this browser alone, filled from its own page.
const KEY = "trek-municipality";
const part = document.getElementById("near");
const pick = part?.querySelector("select");

async function show() {
  const list = document.getElementById("near-rows");
  const option = pick.selectedOptions[0];
  localStorage.setItem(KEY, pick.value);
  if (!option.dataset.href) return list.replaceChildren();
  const answer = await fetch(option.dataset.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = [...page.querySelectorAll(".day")].slice(0, 2);
  const link = document.createElement("a");
  link.href = option.dataset.href;
  link.textContent = option.dataset.all;
  const more = document.createElement("p");
  more.append(link);
  list.replaceChildren(...rows, more);
}

if (pick) {
  const known = localStorage.getItem(KEY);
  if (known && [...pick.options].some((option) => option.value === known)) {
    pick.value = known;
    show();
  }
  pick.addEventListener("change", show);
}
