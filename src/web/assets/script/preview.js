// A preview without leaving the page. What cannot be previewed is sent as it would be without us.

// What could be previewed has no errors any more.
const forgetErrors = () => {
  for (const message of document.querySelectorAll('.errors, .error')) message.remove();
  for (const field of document.querySelectorAll('[aria-invalid]'))
    field.removeAttribute('aria-invalid');
  for (const field of document.querySelectorAll('[aria-describedby*="e-"]')) {
    const named = field.getAttribute('aria-describedby').split(' ');
    const there = named.filter((id) => document.getElementById(id));
    if (there.length > 0) field.setAttribute('aria-describedby', there.join(' '));
    else field.removeAttribute('aria-describedby');
  }
};

for (const button of document.querySelectorAll('button[name="intent"][value="preview"]')) {
  const { form } = button;
  form.addEventListener('submit', async (event) => {
    const place = document.querySelector('#preview');
    if (event.submitter !== button || !place) return;
    event.preventDefault();
    button.setAttribute('aria-busy', 'true');
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: 'POST', body }).catch(() => undefined);
    button.removeAttribute('aria-busy');
    const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), 'text/html');
    const preview = page?.querySelector('section#preview');
    if (!preview) {
      // The browser sends the form itself: `submit()` asks no listener.
      const intent = document.createElement('input');
      Object.assign(intent, { type: 'hidden', name: 'intent', value: 'preview' });
      form.append(intent);
      form.submit();
      return;
    }
    forgetErrors();
    place.replaceWith(preview);
    preview.querySelector('h2').focus();
  });
}
