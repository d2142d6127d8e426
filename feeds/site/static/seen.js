// When we last looked at each source: it changes with every crawl, the page does not.
const marks = document.querySelectorAll("[data-seen]");
const stamp = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Amsterdam" });

if (marks.length) {
  const answer = await fetch(document.querySelector("[data-seen-in]").dataset.seenIn).catch(() => null);
  const seen = answer?.ok ? await answer.json() : {};
  for (const mark of marks) {
    const moment = seen[mark.dataset.seen];
    if (moment) mark.textContent = mark.dataset.words.replace("{when}", stamp.format(new Date(moment)));
  }
}
