import { html } from 'hono/html';
import { type Chrome, type Html, renderPage } from './layout.ts';

/** The ranking in a reader's words; the whole of it stands in `docs/trending.md`. */
export const renderTrendingExplained = (chrome: Chrome): Html =>
  renderPage(chrome, {
    title: 'Trending, explained',
    description:
      'How Paperboy works out which papers are trending, and why a list may surprise you.',
    path: '/trending-explained',
    main: html`<div class="prose"><h1>Trending, explained</h1>
<p class="lead">A list answers one question: which papers of this topic will get the most new attention in the days to come?</p>
<p>That is not the same as having the most upvotes. A paper that got 300 of them last week may have had its day; one that got 30 since this morning has it before it. So a paper’s score is the number of <strong>further upvotes expected</strong>, and it is a sum whose every part is a sentence you can read on the paper’s page.</p>
<h2>What counts</h2>
<dl class="facts">
<dt>Upvotes, and how old the paper is</dt><dd>How much a total still grows at an age was learned from what happened to thousands of papers before it.</dd>
<dt>Pace</dt><dd>What was gained a day since the last look. Of all the parts it says the most.</dd>
<dt>Comments, stars, points, citations</dt><dd>Where sources tell of them, for what they were worth in the past.</dd>
<dt>Its words and authors</dt><dd>What papers like it came to. This leads one to expect more or less than usual, and never outweighs what people really did.</dd>
</dl>
<h2>Before anyone has looked</h2>
<p>Most papers are a few hours old and seen by nobody. From a paper’s words, fields and authors Paperboy estimates the chance that it will be noticed, and says so: “8 of 100 papers with such words and authors are noticed”. Such a promise always ranks below real attention at the same age.</p>
<h2>What a list leaves out</h2>
<ul><li>Papers whose attention began more than 30 days ago.</li>
<li>Papers looked at again after a while that had gained nothing.</li>
<li>Near-copies: of almost identical papers the best stays.</li>
<li>In your own digest, whatever you had before and whatever you muted.</li></ul>
<h2>Small fields</h2>
<p>A paper on number theory gets fewer upvotes than one on language models, and is no worse. Inside a topic a score is therefore multiplied by how unusual attention is in the paper’s own field, by three at most.</p>
<h2>What it cannot know</h2>
<p>Attention is not quality. Who has many followers is noticed sooner; whole fields hardly appear where upvotes are given; some upvotes are favours. What no source has told is missing here, and Paperboy treats it as missing, not as nothing. When its sources fall silent, lists stand as of the last news and say so.</p>
<p class="actions"><a class="button quiet" href="/">Today’s list</a> <a class="button quiet" href="/papers">Search</a></p></div>`,
  });
