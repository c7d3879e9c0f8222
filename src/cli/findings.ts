/** The doctor's findings, as a terminal or a script reads them. */
import type { Finding } from '../domain/finding.ts';

export const renderFindings = (findings: readonly Finding[], json: boolean): string =>
  json ? JSON.stringify(findings) : findings.map(render).join('\n');

const render = (found: Finding): string =>
  found.level === 'ok'
    ? `ok       ${found.what}`
    : `${found.level.padEnd(8)} ${found.what}\n         ${found.why}\n         → ${found.do}   [${found.id}]`;

/** How many faults there are, in words; unset where there is none. */
export const tellFaults = (findings: readonly Finding[]): string | undefined => {
  const faults = findings.filter(({ level }) => level === 'fault').length;
  return faults === 0 ? undefined : `${faults} ${faults === 1 ? 'fault' : 'faults'} found`;
};
