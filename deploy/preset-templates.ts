/** The last step of `npm run build`: has MJML set the shipped templates, so that no start has to. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listMade } from '../src/mail/skeletons.ts';
import { loadTemplates } from '../src/mail/templates.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
await loadTemplates(join(root, 'templates'));
writeFileSync(join(root, 'dist', 'mail', 'skeletons.json'), JSON.stringify(listMade()));
