const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => escapes[character]);
}

/** The page with its opening hours, as HTML. */
export function page(title, hours) {
  const rows = hours.map(([day, time]) => `<li>${escaped(day)}: ${escaped(time)}</li>`).join('');
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>${escaped(title)}</title></head>
  <body><h1>${escaped(title)}</h1><ul>${rows}</ul></body>
</html>
`;
}
