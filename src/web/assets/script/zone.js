// The time zone of this browser, where none has been chosen yet.
for (const select of document.querySelectorAll('[data-zone]')) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || select.value !== 'UTC') continue;
  if (![...select.options].some((option) => option.value === zone)) select.add(new Option(zone));
  select.value = zone;
}

// Choosing a day of the week means once a week.
for (const day of document.querySelectorAll('select[name="weekday"]')) {
  day.addEventListener('change', () => {
    const weekly = day.form.querySelector('input[name="frequency"][value="weekly"]');
    if (weekly) weekly.checked = true;
  });
}
