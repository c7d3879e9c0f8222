/** A process of its own that opens a database, as a service and a command started together do. */
import { openDatabase } from '../../src/db/open.ts';
import { syncTopics } from '../../src/db/topics.ts';

const [file = '', folder = ''] = process.argv.slice(2);
const db = openDatabase(file, folder);
syncTopics(db);
process.stdout.write(String(db.$client.prepare('select count(*) from topics').pluck().get()));
db.$client.close();
