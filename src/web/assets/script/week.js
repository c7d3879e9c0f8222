// What the week brought, under each topic chosen and each query written: the choice explains itself.

const weeks = new Map();
const ask = (topic) => {
  if (!weeks.has(topic)) {
    const answer = fetch(`/api/topics/${encodeURIComponent(topic)}/preview`)
      .then((response) => response.json())
      .catch(() => undefined);
    weeks.set(topic, answer);
  }
  return weeks.get(topic);
};

const plural = (count) =>
  `${count.toLocaleString('en')} ${count === 1 ? 'paper' : 'papers'} this week`;
const say = (week) =>
  week.papers === 0
    ? 'No paper this week'
    : `${plural(week.papers)}${week.best[0] ? `, such as “${week.best[0].title}”` : ''}`;

for (const picker of document.querySelectorAll('fieldset[data-picker]')) {
  const said = picker.querySelector('[data-said]');
  const tell = async (box, aloud) => {
    const label = box.closest('label');
    label.nextElementSibling?.matches('.week') && label.nextElementSibling.remove();
    if (!box.checked) return;
    const week = await ask(box.value);
    if (!week?.best || !box.checked || label.nextElementSibling?.matches('.week')) return;
    const line = document.createElement('p');
    line.className = 'week';
    line.textContent = say(week);
    label.after(line);
    if (aloud) said.textContent = `${label.textContent.trim()}: ${line.textContent}`;
  };
  picker.addEventListener('change', (event) => {
    if (event.target.name === 'topics') void tell(event.target, true);
  });
  for (const box of [...picker.querySelectorAll('.yours input')].slice(0, 12))
    void tell(box, false);
}

for (const field of document.querySelectorAll('[data-queries]')) {
  const list = document.createElement('ul');
  list.className = 'verdicts';
  list.setAttribute('aria-live', 'polite');
  field.after(list);
  const judge = async (query) => {
    const item = document.createElement('li');
    const answer = await ask(`query:${query}`);
    if (!answer) return [];
    item.className = answer.error ? 'bad' : 'good';
    const place = answer.error?.position;
    const where =
      place === undefined ? '' : `, at “${query.slice(place, place + 12) || 'the end'}”`;
    item.textContent = `${query}: ${answer.error ? answer.error.message + where : say(answer)}`;
    return [item];
  };
  let timer;
  let turn = 0;
  const check = async () => {
    turn += 1;
    const mine = turn;
    const lines = field.value
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    const items = await Promise.all([...new Set(lines)].slice(0, 12).map(judge));
    if (mine === turn) list.replaceChildren(...items.flat());
  };
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(check, 500);
  });
  if (field.value.trim()) void check();
}
