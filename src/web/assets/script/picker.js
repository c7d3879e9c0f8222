const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

for (const picker of document.querySelectorAll('[data-picker]')) {
  const filter = picker.querySelector('[data-filter]');
  const groups = [...picker.querySelectorAll('details, [data-group]')];
  const none = picker.querySelector('[data-none]');
  const opened = new Map();

  const apply = () => {
    const words = fold(filter.value).split(/\s+/).filter(Boolean);
    for (const item of picker.querySelectorAll('label, [data-item]')) {
      const title = item.closest('details, [data-group]').querySelector('summary, h3, .shelf');
      const text = fold(`${item.textContent} ${title.textContent}`);
      item.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of groups) {
      const shown = group.querySelector(':is(label, [data-item]):not([hidden])') !== null;
      group.hidden = !shown;
      if (group.tagName !== 'DETAILS') continue;
      if (words.length > 0) {
        if (!opened.has(group)) opened.set(group, group.open);
        group.open = shown;
      } else if (opened.has(group)) {
        group.open = opened.get(group);
        opened.delete(group);
      }
    }
    none.hidden = groups.some((group) => !group.hidden);
  };
  filter.hidden = false;
  filter.addEventListener('input', apply);
  // Enter in the filter must not send the form around it.
  filter.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault();
  });

  const chosen = picker.querySelector('[data-chosen]');
  const tell = () => {
    const count = picker.querySelectorAll('input:checked').length;
    chosen.textContent = count > 0 ? `${count} chosen` : '';
  };
  if (chosen) {
    picker.addEventListener('change', tell);
    tell();
  }
}
