// Words made comparable, as feeds/fold.py does it: no case, no accents, one spelling.
const ONE = { "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "’": "", "'": "", "‘": "" };

export function fold(text) {
  const plain = [...text.toLowerCase()].map((sign) => ONE[sign] ?? sign).join("");
  return plain.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

// From the beginning of a word on; a word of four letters also within another ("orgelconcert").
export function holds(text, word) {
  return ` ${text}`.includes(` ${word}`) || (word.length >= 4 && text.includes(word));
}
