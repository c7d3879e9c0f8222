/** The operator's page as it is made of a report; the real service's is in `test/status.test.ts`. */
import { describe, expect, it } from 'vitest';
import type { OperatorView } from '../../src/web/deps.ts';
import { createWeb } from '../../src/web/routes.ts';
import { fake, tokens } from './fakes.ts';
import { inventLook, inventReport } from './invented-report.ts';

const at = new Date('2026-03-20T09:30:00Z');
const path = `/status/${tokens.status}`;

const shown = async (view: Partial<OperatorView> = {}): Promise<string> => {
  const report = async () => ({ report: inventReport(at), look: inventLook(at), ...view });
  return (await createWeb(fake({ report }).deps).request(path)).text();
};

describe('the operator’s page', () => {
  it('tells each finding with its reason and what to do, the fault in words too', async () => {
    const page = await shown();
    expect(page).toMatch(/<strong class="level">fault<\/strong> there is no DKIM record/);
    expect(page).toContain('refuse the mail or file it as spam');
    expect(page).toContain('<strong>What to do:</strong> publish TXT p1._domainkey');
    expect(page).toMatch(/<summary>2 things found well<\/summary>.*no mail waits long/s);
    expect(page.indexOf('dkim.record')).toBeLessThan(page.indexOf('sources.stale'));
    expect(page).toContain('looked at 20 Mar 2026, 08:30 UTC.');
  });

  it('says when nothing is amiss, and when the slow look is under way or not taken', async () => {
    const well = { ...inventReport(at), findings: [] };
    expect(await shown({ report: well })).toContain('The doctor finds nothing amiss.');
    const running = { running: true, network: true };
    const page = await shown({ look: running });
    expect(page).toContain('not looked at yet; another look is under way');
    expect(page).not.toContain('Look again now');
    expect(await shown({ look: { ...inventLook(at), network: false } })).toContain(
      'mails become files here, so the network is not asked',
    );
  });

  it('has the doctor look again by a button of its own, and of no other site', async () => {
    let asked = 0;
    const askDoctor = (token: string) => {
      if (token === tokens.status) asked += 1;
      return token === tokens.status;
    };
    const web = createWeb(fake({ askDoctor }).deps);
    const post = (to: string, headers: Readonly<Record<string, string>> = {}) =>
      web.request(to, { method: 'POST', headers });
    // What a browser sends from a page without a referrer.
    const answer = await post(path, { origin: 'null' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, path]);
    expect((await post(path, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post('/status/wrong')).status).toBe(404);
    expect(asked).toBe(1);
    // The page itself holds no token that could be copied from a screen.
    expect(await shown()).not.toContain(tokens.status);
  });
});
