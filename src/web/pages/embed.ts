/** For other people's sites: a form that leads here, and a bookmark that looks a paper up. */
import { html } from 'hono/html';
import type { TopicRow } from '../deps.ts';
import { topicName } from './format.ts';
import { type Chrome, type Html, renderPage } from './layout.ts';

export const renderEmbedPage = (
  chrome: Chrome,
  topics: readonly TopicRow[],
  chosen: TopicRow | undefined,
): Html => {
  const snippet = snippetFor(chrome.baseUrl, chosen);
  return renderPage(chrome, {
    title: 'On your own site',
    description: 'A subscribe form for your site, and a bookmark that finds an arXiv paper here.',
    path: '/embed',
    main: html`<div class="prose"><h1>On your own site</h1>
<h2>A subscribe form</h2>
<p>Plain HTML, without script and without anything loaded from here. Whoever sends it comes to this site with the form filled in, looks at it once more and sends it: a form on another site alone subscribes nobody.</p>
<form class="search" method="get" action="/embed"><label class="hidden" for="topic">Topic</label><select id="topic" name="topic">${topics
      .filter((topic) => topic.kind !== 'own')
      .map(
        (topic) =>
          html`<option value="${topic.slug}"${topic.slug === chosen?.slug ? html` selected` : ''}>${topicName(topic)}${topic.kind === 'category' ? ` (${topic.slug})` : ''}`,
      )}</select><button class="quiet" type="submit">Make the form</button></form>
<div class="field"><label for="snippet">Copy this</label>
<textarea id="snippet" rows="9" readonly spellcheck="false" data-copy>${snippet}</textarea></div>
<h2>A link</h2>
<p>Or a link to the form with everything chosen: any of its fields may stand in the address, except the e-mail address, which belongs in nobody’s log.</p>
<pre>${chrome.baseUrl}/subscribe?topics=${chosen?.slug ?? 'all'}&amp;queries=%22world+model%22&amp;frequency=weekly&amp;weekday=mon</pre>
<h2>A bookmark</h2>
<p>Drag this to your bookmarks bar. On a page of arXiv, or any page with an arXiv id in its address, it opens the paper here: its attention, why it trends, what is like it. Elsewhere it searches for what you have selected, or for the page’s title.</p>
<p class="actions"><a class="button quiet" href="${bookmarklet(chrome.baseUrl)}">Look up in Paperboy</a></p>
<div class="field"><label for="bookmarklet">Where nothing can be dragged, make a bookmark of this</label>
<textarea id="bookmarklet" rows="4" readonly spellcheck="false" data-copy>${bookmarklet(chrome.baseUrl)}</textarea></div>
<h2>Feeds</h2><p>Every topic, author and search is a feed as well, and there is a <a href="/api/trending">JSON API</a>. <a href="/feeds.opml">All feeds (OPML)</a></p></div>`,
  });
};

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

const snippetFor = (baseUrl: string, topic: TopicRow | undefined): string =>
  `<form action="${attribute(`${baseUrl}/subscribe`)}" method="post">
  <input type="hidden" name="topics" value="${attribute(topic?.slug ?? 'all')}">
  <label>Trending papers by mail${topic === undefined || topic.slug === 'all' ? '' : `: ${attribute(topicName(topic))}`}
    <input type="email" name="email" autocomplete="email" required placeholder="you@example.org">
  </label>
  <button>Subscribe</button>
</form>`;

/** Finds an arXiv id, of the new or the old kind, in the address of the page it is used on. */
export const bookmarklet = (baseUrl: string): string => {
  const id = String.raw`/\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7}/`;
  const search = `${baseUrl}/papers?q=`;
  return `javascript:(()=>{const m=${id}.exec(location.href),s=String(getSelection()).trim()||document.title;location.href=${JSON.stringify(search)}+encodeURIComponent(m?m[0]:s.slice(0,300))})()`;
};
