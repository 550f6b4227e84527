// These run in the browser, each on its own: nothing from outside them is there.

/** @type {import('./in-page.d.ts').look} */
export function look() {
  for (const folded of document.querySelectorAll('details:not(.job)')) folded.open = true;
  const width = document.documentElement.clientWidth;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    if (element === null) return [255, 255, 255];
    const colour = channels(getComputedStyle(element).backgroundColor);
    return colour.length === 4 && colour[3] === 0 ? behind(element.parentElement) : colour;
  };
  const texts = all('body *').filter((element) => {
    const hasOwn = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    return hasOwn && element.getClientRects().length > 0;
  });
  const ratioOf = (element) => {
    const [one, other] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  return {
    title: document.title,
    text: document.body.innerText,
    background: getComputedStyle(document.body).backgroundColor,
    order: all('h1, dt, h2').map(({ innerText }) => innerText),
    rows: all('tbody tr').map((row) =>
      all('th, .pill', row)
        .map(({ innerText }) => innerText)
        .join(': '),
    ),
    focusable: all('a, summary').filter((element) => element.checkVisibility({ contentVisibilityAuto: true })).length,
    links: all('a').map(({ href }) => href),
    logOfFirst: document.querySelector('tbody th a')?.href ?? '',
    overflow: document.documentElement.scrollWidth - width,
    cut: all('main *')
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map(({ outerHTML }) => outerHTML.slice(0, 80)),
    texts: texts.length,
    pale: texts
      .map((element) => [ratioOf(element), element.textContent.slice(0, 40)])
      .filter(([ratio]) => !(ratio >= 4.5))
      .map(([ratio, text]) => `${ratio.toFixed(2)} ${text}`),
    foreign: all('script, img, iframe, object, base, form, b, [onerror], [onclick], [style]').length,
    jobs: all('.job').map((job) => {
      const bar = job.querySelector('summary rect[class$=-bar]').getBoundingClientRect();
      const steps = all('.steps rect[class$=-bar]', job).map((rect) => rect.getBoundingClientRect());
      return {
        name: job.querySelector('.label').innerText,
        left: bar.left,
        right: bar.right,
        isOpen: job.open,
        steps: steps.map(({ left, right }) => ({ left, right })),
      };
    }),
  };
}

/** @type {import('./in-page.d.ts').focused} */
export function focused() {
  const element = document.activeElement;
  return `${element.tagName} ${getComputedStyle(element).outlineStyle}`;
}

/** @type {import('./in-page.d.ts').focusFirstJob} */
export function focusFirstJob() {
  document.querySelector('.job summary').focus();
}
