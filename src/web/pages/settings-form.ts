/** The fields a reader chooses by: topics, own queries, when, where and how much. */
import { html } from 'hono/html';
import { papersPerDigest } from '../../domain/subscription.ts';
import type { TopicRow } from '../deps.ts';
import type { FieldError, FormErrors, FormValues } from '../forms.ts';
import { groupBy } from './format.ts';
import type { Html } from './layout.ts';
import { renderFault } from './query-fault.ts';

export type SettingsForm = {
  readonly values: FormValues;
  readonly errors: FormErrors;
  readonly topics: readonly TopicRow[];
  /** Whether the script may put the browser's own zone in: nobody has chosen one yet. */
  readonly guessZone?: boolean;
};

const dayNames = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
] as const;

const frequencies = [
  ['daily', 'Every day'],
  ['weekdays', 'Monday to Friday'],
  ['weekly', 'Once a week, on'],
] as const;

const fieldNames: Readonly<Record<keyof FormValues, string>> = {
  email: 'E-mail address',
  topics: 'Topics',
  queries: 'Your own queries',
  frequency: 'How often',
  weekday: 'Day of the week',
  hour: 'Hour',
  timeZone: 'Time zone',
  papers: 'How many papers',
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

const describedBy = (errors: FormErrors, name: keyof FormValues): Html | string =>
  errors[name] ? html` aria-describedby="e-${name}"` : '';

const aria = (errors: FormErrors, name: keyof FormValues, hint = ''): Html | string => {
  const described = [errors[name] ? `e-${name}` : '', hint].filter((id) => id !== '').join(' ');
  return html`${errors[name] ? html` aria-invalid="true"` : ''}${described ? html` aria-describedby="${described}"` : ''}`;
};

export const renderEmailField = ({ values, errors }: SettingsForm): Html => html`
<div class="field"><label for="f-email">E-mail address</label>
${renderFieldErrors(errors, 'email')}
<input id="f-email" name="email" type="email" inputmode="email" autocomplete="email" required maxlength="254" value="${values.email}" placeholder="you@example.org"${aria(errors, 'email')}></div>
<div class="trap" aria-hidden="true"><label for="f-website">Leave this empty</label><input id="f-website" name="website" tabindex="-1" autocomplete="off"></div>`;

export const renderSettingsFields = (form: SettingsForm): Html =>
  html`${renderTopicFields(form)}${renderQueriesField(form)}${renderRhythmFields(form)}${renderPlaceFields(form)}`;

const renderTopicFields = ({ values, errors, topics }: SettingsForm): Html => {
  const chosen = new Set(values.topics);
  const groups = groupBy(
    topics.filter((topic) => topic.kind !== 'own'),
    (topic) => `${topic.kind}:${topic.group}`,
  );
  const chosenIn = (kind: TopicRow['kind']) =>
    topics.some((topic) => topic.kind === kind && chosen.has(topic.slug));
  const renderGroups = (kind: TopicRow['kind']) =>
    [...groups.values()]
      .filter((group) => group[0]?.kind === kind)
      .map((group) => renderGroup(group, chosen));
  return html`
<fieldset class="field picker" id="f-topics" data-picker${describedBy(errors, 'topics')}><legend>Topics <span class="chosen" data-chosen aria-live="polite"></span></legend>
${renderFieldErrors(errors, 'topics')}
<input type="search" data-filter hidden aria-label="Filter the topics" placeholder="Filter the topics…" autocomplete="off">
<p class="shelf">Research themes</p>${renderGroups('theme')}
<details class="wing"${chosenIn('category') ? html` open` : ''}><summary>arXiv categories</summary>${renderGroups('category')}</details>
<p class="hint" data-none hidden>No topic has that in its name. Your own query below can be anything.</p>
</fieldset>`;
};

const renderGroup = (group: readonly TopicRow[], chosen: ReadonlySet<string>): Html => {
  const open = group.some((topic) => chosen.has(topic.slug));
  return html`<details${open ? html` open` : ''}><summary>${group[0]?.group} <small>${group.length}</small></summary>
${group.map(
  (topic) =>
    html`<label><input type=checkbox name=topics value="${topic.slug}"${chosen.has(topic.slug) ? html` checked` : ''}> ${topic.name}${topic.kind === 'category' ? html` <i>${topic.slug}</i>` : ''}</label>
`,
)}</details>`;
};

const renderQueriesField = ({ values, errors }: SettingsForm): Html => html`
<div class="field"><label for="f-queries">Your own queries <span class="optional">if you like, one a line</span></label>
${renderFieldErrors(errors, 'queries')}
<textarea id="f-queries" name="queries" rows="${Math.max(2, values.queries.split('\n').length)}" maxlength="5000" spellcheck="false" autocapitalize="none"${aria(errors, 'queries', 'h-queries')}>
${values.queries}</textarea>
<p class="hint" id="h-queries">Such as <code>"protein folding" cat:q-bio</code> or <code>author:"Yann LeCun" -survey</code></p></div>`;

const renderRhythmFields = ({ values, errors }: SettingsForm): Html => html`
<fieldset class="field" id="f-frequency"${describedBy(errors, 'frequency')}><legend>How often</legend>
${renderFieldErrors(errors, 'frequency')}
${frequencies.map(
  ([value, name]) =>
    html`<div class="choice"><label><input type="radio" name="frequency" value="${value}"${values.frequency === value ? html` checked` : ''}> ${name}</label>${
      value === 'weekly'
        ? html` <select id="f-weekday" name="weekday" aria-label="Day of the week">${dayNames.map(([day, dayName]) => renderOption(day, values.weekday, dayName))}</select>`
        : ''
    }</div>`,
)}</fieldset>`;

const renderPlaceFields = ({ values, errors, guessZone }: SettingsForm): Html => html`
<div class="pair">
<div class="field"><label for="f-hour">From</label>
${renderFieldErrors(errors, 'hour')}
<select id="f-hour" name="hour"${aria(errors, 'hour')}>${hours.map((hour) => renderOption(String(hour), values.hour, `${String(hour).padStart(2, '0')}:00`))}</select></div>
<div class="field"><label for="f-papers">Papers</label>
${renderFieldErrors(errors, 'papers')}
<input id="f-papers" name="papers" type="number" required min="${papersPerDigest.least}" max="${papersPerDigest.most}" value="${values.papers}"${aria(errors, 'papers')}></div>
</div>
<div class="field"><label for="f-timeZone">Time zone</label>
${renderFieldErrors(errors, 'timeZone')}
<select id="f-timeZone" name="timeZone"${guessZone ? html` data-zone` : ''}${aria(errors, 'timeZone')}>${zonesWith(values.timeZone).map((zone) => renderOption(zone, values.timeZone))}</select></div>`;

const hours = Array.from({ length: 24 }, (_, hour) => hour);

const zones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

// A zone may be known under a name the list leaves out; whoever has it keeps it.
const zonesWith = (zone: string): readonly string[] =>
  zones.includes(zone) || zone === '' ? zones : [zone, ...zones];

// Without a name the option is its value. The end tag may be left out, which saves a kilobyte or
// two over four hundred zones (HTML §4.10.10).
const renderOption = (value: string, current: string, name?: string): Html => {
  const selected = value === current ? html` selected` : '';
  return name === undefined
    ? html`<option${selected}>${value}`
    : html`<option value="${value}"${selected}>${name}`;
};
