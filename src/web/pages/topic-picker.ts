/** Choosing topics: those chosen first, then every theme and category by its shelf. */
import { html } from 'hono/html';
import { groupBy } from '../../lib/group.ts';
import type { TopicRow } from '../deps.ts';
import { describedBy, renderFieldErrors, type SettingsForm } from './form-parts.ts';
import { topicName } from './format.ts';
import type { Html } from './layout.ts';

/** With its script, a filter over the names, and this week's papers under each topic chosen. */
export const renderTopicPicker = ({ values, errors, topics }: SettingsForm): Html => {
  const rank = new Map(values.topics.map((slug, index) => [slug, index]));
  const shown = topics.filter((topic) => topic.kind !== 'own');
  const chosen = shown
    .filter((topic) => rank.has(topic.slug))
    .toSorted((a, b) => (rank.get(a.slug) ?? 0) - (rank.get(b.slug) ?? 0));
  const rest = shown.filter((topic) => !rank.has(topic.slug));
  const groups = groupBy(rest, (topic) => `${topic.kind}:${topic.group}`);
  const shelf = (kind: TopicRow['kind']) =>
    [...groups.values()].filter((group) => group[0]?.kind === kind).map(renderGroup);
  return html`
<fieldset class="field picker" id="f-topics" data-picker${describedBy(errors, 'topics')}><legend>Topics <span class="chosen" data-chosen></span></legend>
${renderFieldErrors(errors, 'topics')}
<input type="search" data-filter hidden aria-label="Filter the topics" placeholder="Filter the topics…" autocomplete="off">
<p class="hidden" data-said aria-live="polite"></p>
${chosen.length > 0 ? html`<div class="yours" data-group><p class="shelf">Yours</p>${chosen.map((topic) => renderChoice(topic, true))}</div>` : ''}
<p class="shelf">Research themes</p>${shelf('theme')}
<details class="wing"><summary>arXiv categories</summary>${shelf('category')}</details>
<p class="hint" data-none hidden>No topic has that in its name. A query of your own can be anything.</p>
</fieldset>`;
};

const renderGroup = (group: readonly TopicRow[]): Html =>
  html`<details><summary>${group[0]?.group} <small>${group.length}</small></summary>
${group.map((topic) => renderChoice(topic, false))}</details>`;

const renderChoice = (topic: TopicRow, checked: boolean): Html =>
  html`<label><input type=checkbox name=topics value="${topic.slug}"${checked ? html` checked` : ''}> ${topicName(topic)}${topic.kind === 'category' ? html` <i>${topic.slug}</i>` : ''}</label>
`;
