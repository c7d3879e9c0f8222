import { describe, expect, test } from 'vitest';
import { papersOf, read, rejectsOf } from './read.ts';

const atom = (...entries: readonly string[]): string => `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns="http://www.w3.org/2005/Atom">
<id>some-feed</id><title>not a paper</title><updated>2026-03-20T04:00:00Z</updated>
${entries.join('\n')}
</feed>`;

const apiEntry = `<entry>
<id>http://arxiv.org/abs/math/0309136v2</id>
<title>Sheep &amp; Gr&#246;bner
  Bases &lt; $\\mathbb{N}$</title>
<updated>2026-03-02T00:00:00Z</updated>
<summary>  They graze.</summary>
<category term="math.AC" scheme="http://arxiv.org/schemas/atom"/>
<category term="math.CO" scheme="http://arxiv.org/schemas/atom"/>
<category term="13P10" scheme="http://arxiv.org/schemas/atom"/>
<published>2003-09-08T16:07:14Z</published>
<arxiv:comment>9 pages</arxiv:comment>
<arxiv:primary_category term="math.CO"/>
<author><name>Ann One</name></author><author><name>Bo Two</name></author>
</entry>`;

const announced = (type: string): string => `<entry>
<id>oai:arXiv.org:2603.00001v1</id><title>Sheep</title>
<summary>arXiv:2603.00001v1 Announce Type: ${type} \nAbstract: They graze.</summary>
<category term="cs.CL"/><category term="cs.AI"/>
<published>2026-03-20T00:00:00-04:00</published>
<arxiv:announce_type>${type}</arxiv:announce_type>
<dc:creator>Ann One, Bo Two, Jr., Cy van Three</dc:creator>
</entry>`;

describe("arXiv's Atom", () => {
  test('answers of the query API give papers, primary category first', async () => {
    const records = await read(atom(apiEntry));
    expect(records[0]?.line).toBe(5);
    expect(papersOf(records)).toEqual([
      {
        id: 'math/0309136',
        version: 2,
        textBy: 'arxiv',
        title: 'Sheep & Gröbner Bases < $\\mathbb{N}$',
        abstract: 'They graze.',
        authors: ['Ann One', 'Bo Two'],
        categories: ['math.CO', 'math.AC'],
        publishedAt: new Date('2003-09-08T16:07:14Z'),
        comment: '9 pages',
      },
    ]);
  });

  test('a recorded exchange is read like the answer it holds', async () => {
    const recorded = { url: 'http://x/?q=1', status_code: 200, body: atom(apiEntry) };
    const papers = papersOf(await read(atom(apiEntry)));
    expect(papersOf(await read(JSON.stringify(recorded, null, 2)))).toEqual(papers);
    expect(papersOf(await read(JSON.stringify(recorded)))).toEqual(papers);
    const failed = await read(JSON.stringify({ ...recorded, status_code: 503 }));
    expect(rejectsOf(failed)).toEqual(['line 1: a recorded answer with HTTP status 503']);
  });

  test('an answer without results is no error, an error entry is one', async () => {
    expect(await read(atom())).toEqual([]);
    const error = `<entry><id>https://arxiv.org/api/errors#bad_id</id><title>Error</title>
<summary>bad id for sheep</summary></entry>`;
    const records = await read(atom(error, apiEntry));
    expect(rejectsOf(records)).toEqual(['line 5: arXiv reports an error: bad id for sheep']);
    expect(papersOf(records)).toHaveLength(1);
  });

  test.each([
    ['new', '2026-03-20'],
    ['cross', '2026-03-20'],
    ['replace', undefined],
    ['replace-cross', undefined],
  ])('an announcement of type %s has the listing day %s', async (type, listedOn) => {
    expect(papersOf(await read(atom(announced(type))))[0]).toEqual({
      id: '2603.00001',
      version: 1,
      textBy: 'arxiv',
      title: 'Sheep',
      abstract: 'They graze.',
      authors: ['Ann One', 'Bo Two, Jr.', 'Cy van Three'],
      categories: ['cs.CL', 'cs.AI'],
      ...(listedOn && { listedOn }),
    });
  });

  test('an entry without an id or a title is rejected alone', async () => {
    const records = await read(
      atom('<entry><id>urn:x</id></entry>', '<entry><title>y</title></entry>', announced('new')),
    );
    expect(rejectsOf(records)).toEqual([
      'line 5: id "urn:x" is not an arXiv id',
      'line 6: id is missing',
    ]);
    expect(papersOf(records)).toHaveLength(1);
  });
});

describe("arXiv's RSS", () => {
  const rss = (items: string): string => `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
<channel><title>cs.CL updates</title><pubDate>Fri, 20 Mar 2026 00:00:00 -0400</pubDate>
${items}
</channel></rss>`;
  const item = (type: string, link = 'https://arxiv.org/abs/2603.00001'): string =>
    `<item><title>Sheep</title><link>${link}</link>
<description>arXiv:2603.00001v1 Announce Type: ${type} \nAbstract: They graze.</description>
<guid isPermaLink="false">oai:arXiv.org:2603.00001v1</guid>
<category>cs.CL</category><category>cs.AI</category>
<arxiv:announce_type>${type}</arxiv:announce_type><dc:creator>Ann One, Bo Two</dc:creator></item>`;

  test("items take the channel's Eastern day when they have none", async () => {
    expect(papersOf(await read(rss(item('new'))))[0]).toEqual({
      id: '2603.00001',
      version: 1,
      textBy: 'arxiv',
      title: 'Sheep',
      abstract: 'They graze.',
      authors: ['Ann One', 'Bo Two'],
      categories: ['cs.CL', 'cs.AI'],
      listedOn: '2026-03-20',
    });
    const [replaced] = papersOf(await read(rss(item('replace'))));
    expect(replaced).not.toHaveProperty('listedOn');
  });

  test('an item of another site is rejected, a feed on a day off is empty', async () => {
    const foreign = '<item><title>Cat</title><link>https://example.org/cat</link></item>';
    expect(rejectsOf(await read(rss(foreign)))).toEqual([
      'line 4: link "https://example.org/cat" leads to no arXiv paper',
    ]);
    expect(await read(rss(''))).toEqual([]);
  });
});

describe('OAI-PMH', () => {
  const oai = (content: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-03-20T00:00:00Z</responseDate>
<request verb="ListRecords">http://export.arxiv.org/oai2</request>
${content}
</OAI-PMH>`;
  const record = (metadata: string): string =>
    oai(`<ListRecords><record><header><identifier>oai:arXiv.org:2603.00001</identifier></header>
<metadata>${metadata}</metadata></record></ListRecords>`);

  test('records in the format arXiv', async () => {
    const records = await read(
      record(`<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2603.00001</id>
<created>2026-03-01</created><updated>2026-03-09</updated>
<authors><author><keyname>Flock</keyname></author>
<author><keyname>One</keyname><forenames>Ann</forenames><suffix>Jr.</suffix></author></authors>
<title>Sheep</title><categories>quant-ph math-ph math.MP</categories><comments>9 pages</comments>
<abstract> They graze.
</abstract></arXiv>`),
    );
    expect(papersOf(records)).toEqual([
      {
        id: '2603.00001',
        title: 'Sheep',
        abstract: 'They graze.',
        authors: ['Flock', 'Ann One Jr.'],
        categories: ['quant-ph', 'math-ph', 'math.MP'],
        publishedAt: new Date('2026-03-01T00:00:00Z'),
        comment: '9 pages',
        textBy: 'arxiv',
      },
    ]);
  });

  test('records in the format arXivRaw, submitted when their first version was', async () => {
    const records = await read(
      record(`<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2603.00001</id>
<version version="v2"><date>Mon, 9 Mar 2026 08:00:00 GMT</date></version>
<version version="v1"><date>Sun, 1 Mar 2026 17:59:03 GMT</date></version>
<title>Sheep</title><authors>Ann One (Meadow, Hill), Bo Two and Cy Three</authors>
<categories>cs.CL</categories><abstract>They graze.</abstract></arXivRaw>`),
    );
    expect(papersOf(records)[0]).toMatchObject({
      authors: ['Ann One', 'Bo Two', 'Cy Three'],
      publishedAt: new Date('2026-03-01T17:59:03Z'),
    });
  });

  test('records in Dublin Core', async () => {
    const records = await read(
      record(`<oai_dc:dc xmlns:oai_dc="o" xmlns:dc="d"><dc:title>Sheep</dc:title>
<dc:creator>One, Ann</dc:creator><dc:subject>Computer Science</dc:subject>
<dc:description>They graze.</dc:description><dc:description>Comment: 9 pages</dc:description>
<dc:date>2026-03-01</dc:date><dc:identifier>http://arxiv.org/abs/2603.00001</dc:identifier></oai_dc:dc>`),
    );
    expect(papersOf(records)[0]).toMatchObject({
      id: '2603.00001',
      authors: ['Ann One'],
      abstract: 'They graze.',
      comment: '9 pages',
    });
  });

  test('deleted records are skipped, those of other archives rejected', async () => {
    const records = await read(
      oai(`<ListRecords><record><header status="deleted"><identifier>oai:arXiv.org:2603.00002</identifier>
</header></record><record><header><identifier>oai:elsewhere:7</identifier></header><metadata>
<dc><title>Cat</title></dc></metadata></record><resumptionToken>t</resumptionToken></ListRecords>`),
    );
    expect(rejectsOf(records)).toEqual([
      'line 5: the record is not of an arXiv paper (it is "oai:elsewhere:7")',
    ]);
    expect(papersOf(records)).toEqual([]);
  });

  test('errors are rejected with their code, answers without records by their verb', async () => {
    expect(rejectsOf(await read(oai('<error code="badResumptionToken">expired</error>')))).toEqual([
      'line 2: the repository reports badResumptionToken: expired',
    ]);
    expect(rejectsOf(await read(oai('<Identify/>')))[0]).toContain('without records (ListRecords)');
  });
});

describe('XML', () => {
  const bomb = `<?xml version="1.0"?>\n<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>`;
  test.each([
    ['with entities of its own', `${bomb}<feed><entry><title>&b;</title></entry></feed>`, 'line 2'],
    ['that wants a file', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hosts">]><feed/>', 'line 1'],
  ])('%s is refused', async (_what, xml, line) => {
    const reason = 'the XML declares a document type, which Paperboy does not accept';
    expect(rejectsOf(await read(xml))).toEqual([`${line}: ${reason}`]);
  });

  test.each([
    ['nested without end', '<feed>'.repeat(10_000), 'nested deeper than 64 levels'],
    ['cut short', atom(apiEntry).slice(0, -60), 'the XML is cut short'],
    ['ill-formed', atom('<entry><title>a & b</title></entry>'), 'the XML is not well-formed'],
    ['with crossed tags', atom('<entry></title>'), 'the XML is not well-formed'],
    ['of another kind', '<svg></svg>', 'its root is "svg"'],
    ['a lone bracket', '<', 'the XML'],
    ['reaching for the prototype', '<feed><__proto__>1</__proto__></feed>', 'not well-formed'],
  ])('%s is refused', async (_what, xml, reason) => {
    const rejects = rejectsOf(await read(xml));
    expect(rejects).toHaveLength(1);
    expect(rejects[0]).toContain(reason);
  });
});
