// Findings about names: one that points to the machine itself where it should not, one that is another address on one
// server than on the rest. Both make Gluster take one server for another.
import type { Finding } from '../../../shared/model/finding.ts';
import type { NameResolution } from '../../../shared/model/network.ts';
import { seen } from '../../../shared/model/section.ts';
import type { Cluster } from '../cluster.ts';
import { compareText } from '../compare-text.ts';
import { listed } from '../wording.ts';
import { makeFinding } from './make-finding.ts';

/** One server's answer for a name. */
interface Answer {
  readonly server: string;
  readonly name: NameResolution;
}

/** The findings about what the pool's names resolve to on the servers that are heard. */
export function nameFindings(cluster: Cluster): Finding[] {
  const answers = new Map<string, Answer[]>();
  for (const server of cluster.servers) {
    if (!server.isFresh) continue;
    for (const name of seen(server.state.report.sections.names) ?? []) {
      const known = answers.get(name.name) ?? [];
      known.push({ server: server.name, name });
      answers.set(name.name, known);
    }
  }
  return [...answers].flatMap(([name, given]) => [
    ...findLoopback(name, given),
    ...findDisagreement(name, given),
  ]);
}

function findLoopback(name: string, answers: readonly Answer[]): Finding[] {
  const servers = answers.filter((answer) => answer.name.isLoopback).map((answer) => answer.server);
  if (servers.length === 0) return [];
  return [
    makeFinding(
      'name-on-loopback',
      name,
      `on ${listed(servers)} the name ${name} points to the machine itself (127.* or ::1)`,
    ),
  ];
}

/**
 * Servers disagree when no address is common to all: a server may well know more addresses of itself than the others
 * do. Answers that are a loopback are left to the other finding.
 */
function findDisagreement(name: string, answers: readonly Answer[]): Finding[] {
  const given = answers.filter((answer) => !answer.name.isLoopback);
  const [first, ...others] = given;
  if (first === undefined || given.every((answer) => answer.name.addresses.length === 0)) return [];
  const common = others.reduce(
    (left, answer) => left.filter((address) => answer.name.addresses.includes(address)),
    [...first.name.addresses],
  );
  if (common.length > 0) return [];
  const byAddresses = new Map<string, string[]>();
  for (const { server, name: answer } of given) {
    const addresses = [...answer.addresses].sort(compareText);
    const key = addresses.length === 0 ? 'nothing' : listed(addresses);
    byAddresses.set(key, [...(byAddresses.get(key) ?? []), server]);
  }
  const parts = [...byAddresses]
    .sort(([a], [b]) => compareText(a, b))
    .map(([addresses, servers]) => `${addresses} on ${listed(servers)}`);
  return [makeFinding('name-disagrees', name, `the name ${name} is ${listed(parts)}`)];
}
