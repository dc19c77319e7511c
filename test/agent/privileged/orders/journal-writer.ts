// A process that writes a journal until it is killed: it says each line that was acknowledged to it, and only then
// goes on. Arguments: the directory, the first number.
import { writeSync } from 'node:fs';
import { openJournal } from '../../../../agent/privileged/orders/journal.ts';
import { makeOutcome } from './make-outcome.ts';

const [directory = '', first = '0'] = process.argv.slice(2);
const journal = await openJournal(directory);
// Far more than the test lets it live for; the limit is for a test that was killed itself.
for (let number = Number(first); number < Number(first) + 100_000; number += 1) {
  await journal.begin(`order-${number}`, number);
  writeSync(1, `begin ${number}\n`);
  await journal.end(makeOutcome(`order-${number}`));
  writeSync(1, `end ${number}\n`);
}
