import { html } from 'hono/html';
import { type Chrome, type Html, renderPage } from './layout.ts';

/** What is kept of whom, and for how long. It must stay true: whoever stores more says so here. */
export const renderPrivacyPage = (chrome: Chrome): Html =>
  renderPage(chrome, {
    title: 'Privacy',
    description: 'What this service keeps of you, what it does not, and how to have it erased.',
    path: '/privacy',
    main: html`<div class="prose"><h1>Privacy</h1>
<p class="lead">Who only reads these pages leaves nothing behind: no cookies, no accounts, no counting, and not one request to any other site.</p>
<h2>When you subscribe</h2>
<p>Paperboy keeps what it needs to send you your digest, on this server and nowhere else:</p>
<ul><li>your address, and what you chose on the form: topics, queries, authors, mutes, hour, time zone, language;</li>
<li>when you subscribed, confirmed, paused and left;</li>
<li>which papers each digest held, so that none comes twice, and which you asked for more or less of;</li>
<li>how the delivery of each mail went, including what your mail server said when it refused one.</li></ul>
<p>Until you confirm by the link in the first mail, nothing is sent but that mail.</p>
<h2>What is not kept</h2>
<ul><li>Whether you open a mail or follow a link: there are no pictures in it and links lead straight to the paper.</li>
<li>Network addresses. They limit how often one caller may use the form, in memory, for an hour.</li>
<li>Your address in logs: they name neither readers nor the links made for them.</li></ul>
<h2>How long</h2>
<p>Until you erase it. Unsubscribing stops every digest at once and keeps the settings, in case you come back. <strong>Erasing</strong>, by the button on your settings page, removes address, settings, history and deliveries at once; copies in the operator’s backups go when those are deleted.</p>
<p>One thing may stay: if mail to your address was refused for good, or you reported one as unwanted, a fingerprint of the address (not the address) is kept so that it is never written to again.</p>
<h2>Your rights, as buttons</h2>
<p>The link “Manage subscription” in every mail opens your settings. There you see and change everything, download all that is kept of you as a file, and erase it. No login: the link is the key, so do not pass it on. The address of your own feed is such a key too.</p>
<h2>Papers and authors</h2>
<p>Titles, names, abstracts and the attention papers get come from public sources, arXiv first of all. A name here is a name as printed on a paper.</p></div>`,
  });
