/** HTML that is safe to show; made only by the functions of this folder. */
export type Html = string & { readonly html: true };

/** HTML of our own. Never for text from outside: that goes through {@link text}. */
export function html(source: string): Html {
  return source as Html;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Foreign text, for content and for attributes in quotes. */
export function text(value: string): Html {
  return html(value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? ''));
}

/** Foreign text in which what stands between backticks is shown as code, as plans and messages write it. */
export function phrase(value: string): Html {
  const parts = value.split(/(`[^`]+`)/).map((part) => {
    return /^`[^`]+`$/.test(part) ? `<code>${text(part.slice(1, -1))}</code>` : text(part);
  });
  return html(parts.join(''));
}

/** A link to an https address; any other address is shown as text. It tells the page that it leads to nothing. */
export function link(label: Html, url: string): Html {
  if (!/^https:\/\/[^\s<>"'\p{Cc}\p{Cf}]+$/u.test(url)) return label;
  return html(`<a href="${text(url)}" rel="noreferrer noopener">${label}</a>`);
}

export function joined(parts: readonly string[], between = ''): Html {
  return html(parts.filter((part) => part !== '').join(between));
}
