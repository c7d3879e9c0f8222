/** The fields a reader chooses by: topics, authors, own queries, mutes, when, where and how much. */
import { html } from 'hono/html';
import { languageNames, languages } from '../../domain/language.ts';
import { papersPerDigest } from '../../domain/subscription.ts';
import type { FormValues } from '../forms.ts';
import {
  aria,
  describedBy,
  renderFieldErrors,
  renderLines,
  renderOption,
  type SettingsForm,
} from './form-parts.ts';
import type { Html } from './layout.ts';
import { renderTopicPicker } from './topic-picker.ts';

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

export const renderEmailField = ({ values, errors }: SettingsForm): Html => html`
<div class="field"><label for="f-email">E-mail address</label>
${renderFieldErrors(errors, 'email')}
<input id="f-email" name="email" type="email" inputmode="email" autocomplete="email" required maxlength="254" value="${values.email}" placeholder="you@example.org"${aria(errors, 'email')}></div>
<div class="trap" aria-hidden="true"><label for="f-website">Leave this empty</label><input id="f-website" name="website" tabindex="-1" autocomplete="off"></div>`;

export const renderSettingsFields = (form: SettingsForm): Html =>
  html`${renderTopicPicker(form)}${renderOwnWishes(form)}${renderRhythmFields(form)}${renderPlaceFields(form)}`;

const wishes = ['authors', 'queries', 'muted'] as const satisfies readonly (keyof FormValues)[];

/** Folded away until somebody has one: most readers only choose topics. */
const renderOwnWishes = (form: SettingsForm): Html => {
  const used = wishes.some((name) => form.values[name].trim() !== '' || form.errors[name]);
  return html`
<details class="wishes"${used ? html` open` : ''}><summary>Authors, own queries, mutes</summary>
${renderLines(form, 'authors', {
  label: 'Authors to follow',
  hint: html`Such as <code>Fei-Fei Li</code>: whatever they publish.`,
})}
${renderLines(form, 'queries', {
  label: 'Your own queries',
  hint: html`Such as <code>"protein folding" cat:q-bio</code> or <code>author:"Yann LeCun" -survey</code>. <a href="/papers">How to ask</a>`,
  data: html` data-queries`,
})}
${renderLines(form, 'muted', {
  label: 'Never show me',
  hint: html`Words, <code>"a phrase"</code>, <code>author:"A Name"</code> or <code>cat:cs.CR</code>. Wins over every topic.`,
})}
</details>`;
};

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
<select id="f-timeZone" name="timeZone"${guessZone ? html` data-zone` : ''}${aria(errors, 'timeZone')}>${zonesWith(values.timeZone).map((zone) => renderOption(zone, values.timeZone))}</select></div>
<div class="field"><label for="f-language">Language of the mails</label>
${renderFieldErrors(errors, 'language')}
<select id="f-language" name="language"${aria(errors, 'language')}>${values.language === '' ? html`<option value="">As this browser asks` : ''}${languages.map((language) => renderOption(language, values.language, languageNames[language]))}</select></div>`;

const hours = Array.from({ length: 24 }, (_, hour) => hour);

const zones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];

// A zone may be known under a name the list leaves out; whoever has it keeps it.
const zonesWith = (zone: string): readonly string[] =>
  zones.includes(zone) || zone === '' ? zones : [zone, ...zones];
