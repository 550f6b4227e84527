const hours = ['Monday to Friday: 8 to 18', 'Saturday: 9 to 13'];

/** Shows when the shop is open. */
export function show(list, document) {
  for (const text of hours) {
    const item = document.createElement('li');
    item.textContent = text;
    list.append(item);
  }
}

if (globalThis.document !== undefined) show(document.querySelector('#hours'), document);
