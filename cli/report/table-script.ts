/**
 * The one script of a page: column names become buttons that sort, and a long table gets a search field and a choice. Tables
 * are complete without it. It is text, since it runs in a browser that knows nothing of this project.
 */
export const tableScript = `
for (const table of document.querySelectorAll('table[data-tools]')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const keyOf = (row, at) => row.cells[at].dataset.sort ?? row.cells[at].textContent.trim();
  const compare = (a, b) =>
    a !== '' && b !== '' && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b))
      ? Number(a) - Number(b)
      : a.localeCompare(b, 'en');
  heads.forEach((head, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const isUp = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach((each) => each.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
      const rows = [...body.rows].map((row) => [keyOf(row, at), row]);
      rows.sort((a, b) => (isUp ? compare(a[0], b[0]) : compare(b[0], a[0])));
      body.append(...rows.map(([, row]) => row));
    });
  });
  if (table.dataset.tools !== 'sort_and_filter') continue;
  const rows = [...body.rows];
  const tools = document.createElement('div');
  tools.className = 'tools';
  const label = (text, field) => {
    const made = document.createElement('label');
    made.append(text + ' ', field);
    return made;
  };
  const search = document.createElement('input');
  search.type = 'search';
  const choice = document.createElement('select');
  choice.append(new Option('all', ''));
  for (const kind of [...new Set(rows.map((row) => row.dataset.kind))].sort()) choice.append(new Option(kind, kind));
  const told = document.createElement('span');
  told.setAttribute('role', 'status');
  const count = (n) => n.toLocaleString('en-US');
  const apply = () => {
    const text = search.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden =
        (choice.value !== '' && row.dataset.kind !== choice.value) || !row.textContent.toLowerCase().includes(text);
      if (!row.hidden) shown += 1;
    }
    told.textContent = shown === rows.length ? count(shown) + ' rows' : count(shown) + ' of ' + count(rows.length) + ' rows';
  };
  search.addEventListener('input', apply);
  choice.addEventListener('change', apply);
  tools.append(label('Search', search), label('By ' + table.dataset.kindName, choice), told);
  table.closest('.scroll').before(tools);
  apply();
}
`;
