/** What all fields of a form share: their errors, and how these are tied to them. */
import { html } from 'hono/html';
import type { TopicRow } from '../deps.ts';
import type { FieldError, FormErrors, FormValues } from '../forms.ts';
import type { Html } from './layout.ts';
import { renderFault } from './query-fault.ts';

export type SettingsForm = {
  readonly values: FormValues;
  readonly errors: FormErrors;
  readonly topics: readonly TopicRow[];
  /** Whether the script may put the browser's own zone in: nobody has chosen one yet. */
  readonly guessZone?: boolean;
};

const fieldNames: Readonly<Record<keyof FormValues, string>> = {
  email: 'E-mail address',
  topics: 'Topics',
  authors: 'Authors to follow',
  queries: 'Your own queries',
  muted: 'Never show me',
  frequency: 'How often',
  weekday: 'Day of the week',
  hour: 'Hour',
  timeZone: 'Time zone',
  papers: 'How many papers',
  language: 'Language of the mails',
};

/** All that is wrong, at the top, each entry leading to its field. */
export const renderErrorSummary = (errors: FormErrors): Html | string => {
  const fields = (Object.keys(fieldNames) as (keyof FormValues)[]).filter((name) => errors[name]);
  if (fields.length === 0) return '';
  return html`<div class="errors" role="alert" tabindex="-1" autofocus>
<h2>${fields.length === 1 ? 'One thing needs another look' : `${fields.length} things need another look`}</h2>
<ul>${fields.map((name) => html`<li><a href="#f-${name}">${fieldNames[name]}</a>: ${errors[name]?.[0]?.message}</li>`)}</ul></div>`;
};

/** The messages of one field, beside it; `aria` ties an input to them. */
export const renderFieldErrors = (errors: FormErrors, name: keyof FormValues): Html | string =>
  errors[name] === undefined
    ? ''
    : html`<div class="error" id="e-${name}">${errors[name].map(renderFieldError)}</div>`;

const renderFieldError = ({ message, query }: FieldError): Html =>
  html`<p>${message}</p>${query ? renderFault(query.text, query.position) : ''}`;

/** Ties an input to its errors and, when there is one, to the hint under it. */
export const aria = (errors: FormErrors, name: keyof FormValues, hint = ''): Html | string => {
  const described = [errors[name] ? `e-${name}` : '', hint].filter((id) => id !== '').join(' ');
  return html`${errors[name] ? html` aria-invalid="true"` : ''}${described ? html` aria-describedby="${described}"` : ''}`;
};

/** Ties a group of inputs to its errors. */
export const describedBy = (errors: FormErrors, name: keyof FormValues): Html | string =>
  errors[name] ? html` aria-describedby="e-${name}"` : '';

/**
 * Without a name the option is its value. The end tag may be left out, which saves a kilobyte or
 * two over four hundred zones (HTML §4.10.10).
 */
export const renderOption = (value: string, current: string, name?: string): Html => {
  const selected = value === current ? html` selected` : '';
  return name === undefined
    ? html`<option${selected}>${value}`
    : html`<option value="${value}"${selected}>${name}`;
};

/** A text area of which every line is an entry. */
export const renderLines = (
  { values, errors }: SettingsForm,
  name: 'queries' | 'authors' | 'muted',
  words: { readonly label: string; readonly hint: Html; readonly data?: Html },
): Html => html`
<div class="field"><label for="f-${name}">${words.label} <span class="optional">one a line</span></label>
${renderFieldErrors(errors, name)}
<textarea id="f-${name}" name="${name}" rows="${Math.min(12, Math.max(2, values[name].split('\n').length))}" maxlength="8000" spellcheck="false" autocapitalize="none"${words.data ?? ''}${aria(errors, name, `h-${name}`)}>
${values[name]}</textarea>
<p class="hint" id="h-${name}">${words.hint}</p></div>`;
