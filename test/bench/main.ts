// npm run bench [-- NAME …] [--json]: runs the benches, all of them or the named ones. With --json standard output is
// one JSON object alone; what is going on is told on standard error.
import type { Bench } from './bench.ts';
import { footprint } from './footprint.ts';
import { forecast } from './forecast.ts';
import { growth } from './growth.ts';
import { placement } from './placement.ts';
import { type BenchResult, jsonOf, tableOf } from './print.ts';

const benches: Bench[] = [growth, footprint, forecast, placement];

const args = process.argv.slice(2);
const isJson = args.includes('--json');
const names = args.filter((arg) => !arg.startsWith('-'));
const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

if (unknown.length > 0) {
  say(
    `No bench is called ${unknown.join(', ')}. There are: ${benches.map((bench) => bench.name).join(', ')}.`,
  );
  process.exit(1);
}

const results: BenchResult[] = [];
for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
  say(`${bench.name}: ${bench.question}`);
  const result = { bench, rows: await bench.run(say) };
  results.push(result);
  if (!isJson) process.stdout.write(`\n${tableOf(result)}\n\n`);
}
if (isJson) process.stdout.write(`${JSON.stringify(jsonOf(results))}\n`);
process.exitCode = results.some(({ rows }) => rows.some((row) => row.goal?.isMet === false)) ? 2 : 0;
